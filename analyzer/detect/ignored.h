#ifndef CT_DETECT_IGNORED_H
#define CT_DETECT_IGNORED_H
/*
 * Failures that were not looked at, other than those of locks: of initialisers and of the creation
 * of threads. Private to detect_ignored_error.c and the ignored_*.c beside it.
 */
#include "detect/misuse.h"
#include "model/past.h"

/* "EBUSY", or "an error" */
const char *ct_ignored_error_name(int error);

/* Objects whose initialisation failed, and which were not initialised since. */
struct ct_failed_init {
	const struct ct_process *process; /* NULL: settled */
	const struct ct_event_info *call;
	uint64_t address;
	struct ct_deed deed;
	int error;
};

struct ct_failed_inits {
	struct ct_misuses *misuses; /* borrowed */
	const struct ct_rule *rule;
	struct ct_failed_init *items;
	size_t count, cap;
};

void ct_failed_inits_init(struct ct_failed_inits *inits, struct ct_misuses *misuses,
			  const struct ct_rule *rule);
void ct_failed_inits_fini(struct ct_failed_inits *inits);
CT_MUST_CHECK enum ct_status ct_failed_inits_step(struct ct_failed_inits *inits,
						  const struct ct_model *model,
						  const struct ct_step *step);

/* Threads that could not be created, and joins of a pthread_t that is none's. */
struct ct_failed_create {
	const struct ct_process *process;
	struct ct_deed deed;
	int error;
};

struct ct_doubtful_join {
	const struct ct_thread *thread;
	struct ct_deed deed;
	uint64_t pthread;
	bool over, refused; /* it returned, and with an error */
	size_t create;	    /* the last failed creation of its process before it */
};

struct ct_failed_creates {
	struct ct_misuses *misuses; /* borrowed */
	const struct ct_rule *rule;
	struct ct_failed_create *items;
	size_t count, cap;
	struct ct_doubtful_join *joins;
	size_t join_count, join_cap;
};

void ct_failed_creates_init(struct ct_failed_creates *creates, struct ct_misuses *misuses,
			    const struct ct_rule *rule);
void ct_failed_creates_fini(struct ct_failed_creates *creates);
CT_MUST_CHECK enum ct_status ct_failed_creates_step(struct ct_failed_creates *creates,
						    const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_failed_creates_finish(struct ct_failed_creates *creates,
						      const struct ct_model *model);

#endif
