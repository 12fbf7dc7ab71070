#ifndef CT_MODEL_GATE_H
#define CT_MODEL_GATE_H
/*
 * What cannot be before what: the rules by which the model corrects the order of time. An
 * acquisition comes after the release of whoever holds the lock, a thread's start after its
 * creation, a join after the end of the thread. Private to model/.
 */
#include "model/order.h"
#include "model/state.h"

struct ct_order_rules ct_gate_rules(struct ct_model *model);

#endif
