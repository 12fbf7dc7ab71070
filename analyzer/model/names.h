/*
 * What a person calls a thing: the same words in every report.
 * Names of objects have no addresses, pids or times in them, so that they are the same in every run
 * of a program that does the same; numbers are given in the order in which things are first named.
 */
#ifndef CT_MODEL_NAMES_H
#define CT_MODEL_NAMES_H

#include "base/arena.h"
#include "base/map.h"
#include "model/model.h"
#include "model/symbols.h"

struct ct_naming {
	const struct ct_model *model; /* borrowed */
	struct ct_symbols *symbols;   /* borrowed; NULL: nothing is looked up in files */
	struct ct_arena arena;	      /* owns all strings */
	struct ct_map objects;	      /* id -> its names, in the arena */
	struct ct_map processes;      /* number -> name */
	struct ct_names taken;
	struct ct_map repeats; /* id in `taken` -> how many objects would have that name */
	uint32_t numbered[CT_OBJECT_KINDS];
};

void ct_naming_init(struct ct_naming *naming, const struct ct_model *model,
		    struct ct_symbols *symbols);
void ct_naming_fini(struct ct_naming *naming);

/* All strings are borrowed from the naming and never NULL; if memory runs out, they are vague. */

/* "accounts", "pool.lock", "lock#2" (the second object of that name); what has no name of its own
 * is told by where it came from: "M1 (mutex initialised at bank.c:31)". */
const char *ct_name_object(struct ct_naming *naming, const struct ct_object *object);

/* The same without the origin: "M1". */
const char *ct_name_object_short(struct ct_naming *naming, const struct ct_object *object);

/* "mutex at 0x55d0c0a1, initialised in setup at bank.c:31 by main, private to bank" */
const char *ct_name_object_origin(struct ct_naming *naming, const struct ct_object *object);

/* "mutex", "read-write lock" ... Static. */
const char *ct_name_kind(enum ct_object_kind kind);

/* As the model names it: "main", "T2", "worker-2 (T3)". */
const char *ct_name_thread(struct ct_naming *naming, const struct ct_thread *thread);

/* "bank"; in a trace of several processes "bank (pid 4711)". */
const char *ct_name_process(struct ct_naming *naming, const struct ct_process *process);

/* What a text trace calls a variable, or NULL. */
const char *ct_name_variable(struct ct_naming *naming, const struct ct_process *process,
			     uint64_t variable);

/* "bank.c:31", else "in setup", else NULL: the program's own part of a stack in few words. */
const char *ct_name_place(struct ct_naming *naming, uint32_t process, uint32_t stack);

/* The innermost frame that belongs to the program, not to a library of the system; if there is
 * none, the innermost that is known at all, or NULL. */
const struct ct_frame *ct_name_own_frame(const struct ct_frame *frames, size_t count);

#endif
