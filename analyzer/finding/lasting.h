#ifndef CT_FINDING_LASTING_H
#define CT_FINDING_LASTING_H
/*
 * What of a finding is the same in another run of the program: names that the program itself gives,
 * not those that we number.
 */
#include <stdbool.h>

struct ct_object;
struct ct_race;
struct ct_symbols;
struct ct_text;

/* The variable that an object is, or the name that the program gave it. NULL: neither; also of what
 * is the kernel's, whose numbers and ports differ from run to run. `symbols` may be NULL. */
const char *ct_lasting_object(struct ct_symbols *symbols, const struct ct_object *object);

/* Appends a name; an index in it is `index` instead: which element it was may differ from run to
 * run. */
void ct_lasting_name(struct ct_text *out, const char *name, const char *index);

/* Appends the name of the memory of a race: the variable, or what is known of the inside of a heap
 * block; an index in it is `index` instead. False and nothing if there is no name. */
bool ct_lasting_memory(struct ct_text *out, struct ct_symbols *symbols, const struct ct_race *race,
		       const char *index);

#endif
