#include "text_trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct ct_trace *text_trace(const char *events)
{
	int fd = memfd_create("text_trace", 0);
	struct ct_trace *trace = NULL;
	struct ct_error error;
	unsigned number = 0;
	char path[64];

	if (fd < 0)
		abort();
	while (*(events += strspn(events, " "))) {
		int thread = (int)strcspn(events, ":"), length = (int)strcspn(events, " ");

		dprintf(fd, "%.*s|%.*s|x.c:%u\n", thread, events, length - thread - 1,
			events + thread + 1, ++number);
		events += length;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (ct_trace_open(path, &error, &trace) != CT_OK) {
		fprintf(stderr, "%s\n", error.text);
		abort();
	}
	close(fd);
	return trace;
}
