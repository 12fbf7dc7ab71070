#ifndef CT_DETECT_MISUSE_H
#define CT_DETECT_MISUSE_H
/*
 * What the detectors of misuse have in common: they see a call that is wrong, keep it with the
 * place of it and of what made it wrong, and tell it at the end.
 *
 *	begin:  ct_misuses_new(out_state)                      step: ct_misuses_step(misuses, step)
 *	finish: ct_misuses_tell(misuses, model, findings)      end:  ct_misuses_free(misuses)
 *
 * Calls that give something away are recorded before they are made, so whether they were refused is
 * known with the thread's next record only: ct_misuses_add_unless_refused.
 */
#include "base/map.h"
#include "finding/finding.h"
#include "model/model.h"

/* Wrong calls of one rule that are told, at most; the rest is counted in one more finding. */
#define CT_MISUSES_MAX 200u
#define CT_MISUSE_PLACES 4

struct ct_misuse {
	const struct ct_rule *rule;
	enum ct_evidence evidence;
	enum ct_severity severity;
	const struct ct_object *object, *other; /* what it is about; as in struct ct_finding */
	const char *headline; /* in the arena of the misuses; names of objects as in finding.h */
	const char *fix;      /* static; NULL: the rule's help */
	const char *assumes;  /* static, or NULL */
	/* First the wrong call, then what made it so. `text` is static, or in the arena. */
	struct ct_place places[CT_MISUSE_PLACES];
	size_t place_count;
};

/* What a thread's last record says it is about to do. */
struct ct_misuse_pending {
	struct ct_misuse misuse;
	uint16_t event; /* whose failure takes it back, or makes it so; 0: settled */
	bool if_refused;
};

struct ct_misuses {
	struct ct_arena arena;
	struct ct_misuse *items;
	size_t count, cap;
	struct ct_map seen;  /* hash of rule, object and first place */
	struct ct_map slots; /* thread id: index in `pending` */
	struct ct_misuse_pending *pending;
	size_t pending_count, pending_cap;
	uint64_t left_out;
};

CT_MUST_CHECK enum ct_status ct_misuses_new(void **out_state);
void ct_misuses_free(void *misuses); /* NULL does nothing */

/* An empty one about `object`, observed, of the rule's severity. */
struct ct_misuse ct_misuse_of(const struct ct_rule *rule, const struct ct_object *object);
/* One more place, if it has a thread and there is room. */
void ct_misuse_place(struct ct_misuse *misuse, const struct ct_thread *thread, uint32_t stack,
		     uint64_t time, const char *text);

/* Whether the same wrong call of the same object is kept already: it needs no headline then. */
bool ct_misuses_has(const struct ct_misuses *misuses, const struct ct_misuse *misuse);
/* Keeps a copy; the same wrong call of the same object again changes nothing. */
CT_MUST_CHECK enum ct_status ct_misuses_add(struct ct_misuses *misuses,
					    const struct ct_misuse *misuse);
/* The same of what `step` is about to do, unless the call turns out to be refused. */
CT_MUST_CHECK enum ct_status ct_misuses_add_unless_refused(struct ct_misuses *misuses,
							   const struct ct_step *step,
							   const struct ct_misuse *misuse);
/* And if it turns out to be refused only, which proves it. */
CT_MUST_CHECK enum ct_status ct_misuses_add_if_refused(struct ct_misuses *misuses,
						       const struct ct_step *step,
						       const struct ct_misuse *misuse);
/* To be called with every step, before anything else: settles what waits for it. */
CT_MUST_CHECK enum ct_status ct_misuses_step(struct ct_misuses *misuses,
					     const struct ct_step *step);

/* Makes findings of them; what is not known well enough (ct_hang_doubt of the places' threads) is
 * potential. Nothing is told of a text trace, which has no calls that fail and no initialisers, nor
 * of one of formats 1 to 5. */
CT_MUST_CHECK enum ct_status ct_misuses_tell(struct ct_misuses *misuses,
					     const struct ct_model *model,
					     struct ct_findings *findings);

/* Whether the thread's records are all there: what it did not do is known then. */
bool ct_misuse_all_seen(const struct ct_model *model, const struct ct_thread *thread);

/* What a failure says; false: the step is none. `out_call` may be unknown: NULL. */
bool ct_misuse_failure(const struct ct_step *step, const struct ct_event_info **out_call,
		       int *out_error);

#endif
