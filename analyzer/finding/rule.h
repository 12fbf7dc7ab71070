#ifndef CT_FINDING_RULE_H
#define CT_FINDING_RULE_H
/* What a detector looks for, and the scales that its findings are put on. */

/* Never claims more than it has: design.md, section 5 (docs/rules.md). */
enum ct_evidence { CT_POTENTIAL, CT_PREDICTED, CT_CONFIRMED, CT_OBSERVED };
enum ct_severity { CT_NOTE, CT_WARNING, CT_ERROR };

/* What a rule says of threads that wait: nothing; or that they never go on, whatever others do; or
 * that they do not as nobody is left who could help, which is so only while nobody else runs. */
enum ct_hang_proof { CT_HANG_NONE, CT_HANG_OWNED, CT_HANG_WHOLE };

/* What kind of fault a rule finds, as graders and code hosts sort them. */
enum ct_family { CT_FAMILY_DEADLOCK, CT_FAMILY_RACE, CT_FAMILY_MISUSE, CT_FAMILY_COUNT };

/* A rule: stable id for SARIF, suppressions and docs/rules.md. Static data of a detector. */
struct ct_rule {
	const char *id, *title, *help; /* help: how to fix it, one sentence */
	enum ct_severity severity;
	enum ct_family family;
	enum ct_hang_proof hang;
};

#endif
