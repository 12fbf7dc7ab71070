#ifndef CT_MODEL_HANDLER_H
#define CT_MODEL_HANDLER_H
/* The signal handler that a thread runs. Which ones there are: signals.h. */
#include "model/model.h"

struct ct_handler {
	uint32_t signal;
	uint64_t time;
};

/* False: it runs none. */
bool ct_handler_of(const struct ct_thread *thread, struct ct_handler *out);

#endif
