#ifndef CT_DETECT_WHOLE_H
#define CT_DETECT_WHOLE_H
/* Whether enough is on record to say that something was never done. */
#include "model/model.h"

/* Nothing was lost of what was recorded. */
bool ct_whole_trace(const struct ct_trace *trace);
/* Nothing was lost of what the process and its ancestors did from the first instruction on. */
bool ct_whole_process(const struct ct_model *model, const struct ct_process *process);
/* The same of all processes of the trace, and no others can have that object: it lies in shared
 * memory without a name, which one of them made. */
bool ct_whole_shared(const struct ct_model *model, const struct ct_object *object);

#endif
