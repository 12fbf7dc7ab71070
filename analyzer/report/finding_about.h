#ifndef CT_REPORT_FINDING_ABOUT_H
#define CT_REPORT_FINDING_ABOUT_H
/*
 * What a finding is about: its memory, or its locks. Which places it shows may differ from run to
 * run, as threads run in another order; this stays, so that of several runs it tells whether they
 * found the same thing.
 */
struct ct_finding;
struct ct_report;
struct ct_text;

/* Appends "accounts[].balance", "a, b", "node.next allocated in add (list.c)"; nothing where there
 * is no name that stays. */
void ct_finding_about(struct ct_text *out, const struct ct_report *in,
		      const struct ct_finding *finding);

#endif
