#ifndef CT_REPORT_SARIF_RESULT_H
#define CT_REPORT_SARIF_RESULT_H
/*
 * A finding as a SARIF result. Private to report_sarif.c.
 */
#include <jansson.h>
#include <stddef.h>

struct ct_entry;
struct ct_sarif;

/* `rule`: index of its rule in the run's rules. */
json_t *ct_sarif_result(struct ct_sarif *sarif, const struct ct_entry *entry, size_t rule);

#endif
