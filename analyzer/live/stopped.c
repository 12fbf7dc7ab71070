#include "live/stopped.h"

#include <stdlib.h>

#include "base/vec.h"

static bool is_known(const uint32_t *known, size_t count, uint32_t process)
{
	for (size_t i = 0; i < count; i++)
		if (known[i] == process)
			return true;
	return false;
}

/* A process is stopped as a whole: its first thread that lives tells. */
static char state_of(const struct ct_scan *scan, size_t first, size_t *out_end)
{
	char state = 0;
	size_t i;

	for (i = first; i < scan->count && scan->threads[i].process == scan->threads[first].process;
	     i++)
		if (!state)
			state = ct_scan_state(&scan->threads[i]);
	*out_end = i;
	return state;
}

enum ct_status ct_stopped_look(struct ct_stopped *stopped, const struct ct_scan *scan,
			       void (*tell)(void *context, uint32_t pid, bool traced),
			       void *context)
{
	struct ct_stopped now = {0};
	enum ct_status status = CT_OK;
	size_t end;

	for (size_t i = 0; !status && i < scan->count; i = end) {
		const struct ct_scan_thread *thread = &scan->threads[i];
		char state = state_of(scan, i, &end);

		if (state != 'T' && state != 't')
			continue;
		if (!is_known(stopped->known, stopped->count, thread->process))
			tell(context, thread->pid, state == 't');
		status = ct_vec_grow(&now.known, &now.cap, now.count + 1, sizeof(*now.known));
		if (status == CT_OK)
			now.known[now.count++] = thread->process;
	}
	ct_stopped_fini(stopped);
	*stopped = now;
	return status;
}

void ct_stopped_fini(struct ct_stopped *stopped)
{
	free(stopped->known);
	*stopped = (struct ct_stopped){0};
}
