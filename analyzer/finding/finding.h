#ifndef CT_FINDING_FINDING_H
#define CT_FINDING_FINDING_H
/*
 * What a detector says: one finding, with what it claims (evidence), how bad it is (severity), and
 * the steps that make it. Reports print findings and never look behind them.
 * Findings and all in them live in the list's arena.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "finding/place.h"
#include "finding/race.h"
#include "finding/rule.h"
#include "model/model.h"

/* One step of a cycle: a thread waits for (or asks for) an object that it does not have. */
struct ct_step_of_cycle {
	const struct ct_thread *thread;
	const struct ct_object *wants; /* NULL when it waits for a thread or a child */
	const struct ct_object
		*holds; /* what the step before wants; NULL: it is itself waited for */
	bool ahead;	/* or: it waits to write-lock that as well, and is let in first */
	const struct ct_thread *waits_for_thread;
	const struct ct_process *waits_for_process;
	struct ct_place wanted_at, held_at; /* stack 0 where there is none */
	uint32_t ordinal; /* of a prediction with a witness: the request's number among the events
			   * of its thread, from 1, accesses to memory not counted */
	const char *verb; /* "locks", "joins", "reads from" ... */
};

/* A thing that a thread does on the way to where it is stuck. */
struct ct_witness_event {
	struct ct_place place;		/* thread, process, stack */
	const char *verb;		/* "locks", "creates" ... */
	const struct ct_object *object; /* or NULL */
	const struct ct_thread *other;	/* created, joined; or NULL */
	uint32_t ordinal;		/* number of the event in its thread, as in the steps */
	uint32_t skipped; /* so many events its thread does just before it are not listed */
};

/* How a predicted finding comes about: in this order, and then all steps stand. */
struct ct_witness {
	struct ct_witness_event *events;
	size_t count;
	size_t left_out;     /* so many that come before these are not listed */
	bool recorded_order; /* too long to be made: only where each thread gets to, in the order of
			      * the record */
};

/* In a headline: where the names of the finding's objects go. Only reports know names. */
#define CT_ITS_OBJECT "\001"
#define CT_OTHER_OBJECT "\002"

/* Why a finding is not told: nothing; a suppression of the user's; an old report has it already; an
 * earlier one of several runs had it, and as surely. */
enum ct_hiding { CT_TOLD, CT_SUPPRESSED, CT_KNOWN, CT_REPEATED };

struct ct_finding {
	const struct ct_rule *rule;
	enum ct_evidence evidence;
	enum ct_severity severity;
	const char *headline; /* one sentence; NULL: ct_finding_headline makes it of the steps */
	/* Of a misuse: what it is about, and what else its headline names; or NULL. */
	const struct ct_object *object, *other;
	/* Or: all steps wait for one object, `waits` is how ("for data on"), and `because` goes on
	 * after its name (", which nobody is left to post"). */
	const char *waits, *because;
	const char *assumes; /* predicted: what it takes for granted, or NULL; of a pattern that is
			      * not quite ruled out: what would make it a finding */
	bool unless_signal;  /* a hang that a signal may end which the program handles */
	const char *fix;     /* or NULL: rule->help */
	const char *rerun;   /* what came of runs that were steered to it, or NULL */
	struct ct_step_of_cycle *steps;
	size_t step_count;
	const struct ct_race *race;	  /* of a finding about memory, or NULL */
	const struct ct_witness *witness; /* of a prediction, or NULL */
	struct ct_place *places;	  /* further places, in the order to be read */
	size_t place_count;
	const char
		*ruled_out; /* not a finding: why the pattern cannot happen (--explain), or NULL */
	const struct ct_object *guard; /* of ruled_out: the lock that it speaks of, or NULL */
	/* From ct_findings_identify on: the same finding has the same two numbers in another run.
	 * 0 before. */
	uint64_t fingerprint;
	uint32_t occurrence; /* among those of this fingerprint, from 1 */
	enum ct_hiding hiding;
	const char *hidden_by; /* reason of a suppression, or NULL */
};

struct ct_findings {
	struct ct_arena arena;
	struct ct_finding **items;
	size_t count, cap;
	struct ct_finding **ruled_out;
	size_t ruled_out_count, ruled_out_cap;
	struct ct_finding **hidden; /* found, but not told */
	size_t hidden_count, hidden_cap;
};

void ct_findings_init(struct ct_findings *findings);
void ct_findings_fini(struct ct_findings *findings);
/* What it says of threads that wait, by its steps: a rule may also tell of calls that are wrong. */
static inline enum ct_hang_proof ct_finding_hang(const struct ct_finding *finding)
{
	return finding->step_count ? finding->rule->hang : CT_HANG_NONE;
}

/* A new empty finding in the list (zeroed but for rule and severity), or NULL: out of memory. */
struct ct_finding *ct_findings_add(struct ct_findings *findings, const struct ct_rule *rule,
				   enum ct_evidence evidence);
/* The same for a pattern that was looked at and cannot happen; `why` is copied. */
struct ct_finding *ct_findings_rule_out(struct ct_findings *findings, const struct ct_rule *rule,
					const char *why);
/* Takes those findings out of `items` whose `hiding` is set, in their order. CT_ENOMEM: none of
 * them. */
CT_MUST_CHECK enum ct_status ct_findings_hide(struct ct_findings *findings);
/* Errors before warnings before notes, observed before potential, then by headline; those without
 * one keep their order. */
void ct_findings_sort(struct ct_findings *findings);
/* Whether `run` and `report` exit with the error code: an error of level predicted or above. */
bool ct_findings_fail(const struct ct_findings *findings);

const char *ct_evidence_text(enum ct_evidence evidence);
const char *ct_severity_text(enum ct_severity severity);
/* "suppressed", "known", "repeated"; not of CT_TOLD */
const char *ct_hiding_text(enum ct_hiding hiding);
/* "deadlock", "race", "misuse" */
const char *ct_family_text(enum ct_family family);

#endif
