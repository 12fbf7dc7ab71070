#include "detect/causes.h"

enum ct_status ct_cause_barrier(const struct ct_cause *cause)
{
	uint64_t count = 0, arrived = 0;

	(void)ct_traffic_barrier(cause->model, cause->waiter->wait.object, &count, &arrived);
	return ct_cause_say(cause, "at",
			    ct_arena_printf(&cause->findings->arena,
					    ": %llu of %llu are there, and nobody is left who "
					    "could come",
					    (unsigned long long)arrived,
					    (unsigned long long)count));
}
