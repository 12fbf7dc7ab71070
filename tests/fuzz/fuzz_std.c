/* The text reader, by way of a file in memory. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reader/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum ct_status ignore(void *state, const struct ct_event *event)
{
	(void)state;
	return ct_event_info(event->id) ? CT_OK : CT_EINTR;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("std", MFD_CLOEXEC);
	struct ct_trace *trace = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd >= 0 && write(fd, data, size) == (ssize_t)size &&
	    ct_trace_open(path, NULL, &trace) == CT_OK &&
	    ct_trace_each_event(trace, ignore, NULL) != CT_OK)
		__builtin_trap();
	ct_trace_free(trace);
	return close(fd);
}
