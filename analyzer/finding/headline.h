#ifndef CT_FINDING_HEADLINE_H
#define CT_FINDING_HEADLINE_H
/*
 * The sentence that tells a finding, made of its steps: detectors know objects, reports know names.
 *
 *	main waits for T2, which waits for `a` held by main
 *	T1 takes `a` then `b`; T2 takes `b` then `a`
 */
#include "base/text.h"
#include "finding/finding.h"

/* What an object is called; the result is copied at once. Never NULL. */
typedef const char *ct_name_object_fn(void *context, const struct ct_object *object);

/* Whether what each step waits for is owned by the next one, and the last one's by the first. */
bool ct_finding_is_cycle(const struct ct_finding *finding);

/* Of a long cycle the first and the last steps are told: how many are left out from step i on. */
size_t ct_finding_skips(const struct ct_finding *finding, size_t i);

/* Appends the sentence, without a full stop. A finding with a headline of its own is told by it,
 * one that has neither headline nor steps by its rule's title. */
void ct_finding_headline(const struct ct_finding *finding, ct_name_object_fn *name_object,
			 void *context, struct ct_text *out);

/* Appends why a pattern was ruled out, with the name of the guard lock: the same way. */
void ct_finding_ruled_out(const struct ct_finding *finding, ct_name_object_fn *name_object,
			  void *context, struct ct_text *out);

#endif
