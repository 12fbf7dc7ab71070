#ifndef CT_DETECT_HANDLER_CALL_H
#define CT_DETECT_HANDLER_CALL_H
#include "finding/finding.h"

/* The rule of detect_handler_call. What hung because of it is told by detect_deadlock. */
extern const struct ct_rule ct_rule_in_handler;

#endif
