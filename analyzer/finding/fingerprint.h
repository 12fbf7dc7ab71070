#ifndef CT_FINDING_FINGERPRINT_H
#define CT_FINDING_FINGERPRINT_H
/*
 * A number for a finding that stays the same from run to run: whoever compares two reports knows
 * by it which findings are new.
 *
 * It is made of the rule and of functions, names of source files and names of objects along the
 * steps (of one without a name: where it was made); not of lines, addresses, threads or times. A
 * cycle has no beginning: all rotations of its steps give the same number.
 */
#include <stdint.h>

#include "base/status.h"

struct ct_finding;
struct ct_findings;
struct ct_symbols;

/* Changes with how the number is made: reports of two versions are not to be compared. */
#define CT_FINGERPRINT_NAME "conctrace/v1"

/* `symbols` may be NULL. CT_ENOMEM leaves *out untouched. */
CT_MUST_CHECK enum ct_status ct_fingerprint(const struct ct_finding *finding,
					    struct ct_symbols *symbols, uint64_t *out);

/* Numbers all of `items`: fingerprint and occurrence. CT_ENOMEM: only some of them. */
CT_MUST_CHECK enum ct_status ct_findings_identify(struct ct_findings *findings,
						  struct ct_symbols *symbols);

#define CT_FINGERPRINT_BYTES 28u
/* "8c6f3a0d51e29b47:1", as all reports write it; `out` has CT_FINGERPRINT_BYTES. */
void ct_fingerprint_write(const struct ct_finding *finding, char *out);

#endif
