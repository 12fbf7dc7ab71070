/* The CTF reader: the first byte says which file of an otherwise good folder the rest becomes. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "reader/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char metadata[] =
	"/* CTF 1.8 */ trace { uuid = \"a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf\"; };"
	"env { tracer_name = \"conctrace\"; format = 1; }; clock { freq = 1000000000; };";
static const char *const names[] = {"p1.t0", "p1.defs", ".live/p1.t0", "metadata"};

static enum ct_status format(void *trace, const struct ct_event *event)
{
	struct ct_text text = {0};

	ct_event_format(&text, trace, event);
	ct_text_fini(&text);
	return CT_OK;
}

static void put(int dir, const char *name, const void *bytes, size_t size)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char folder[] = "/tmp/ctfuzz.XXXXXX";
	struct ct_trace *trace = NULL;
	int dir = size && mkdtemp(folder) ? open(folder, O_RDONLY | O_DIRECTORY) : -1;

	if (dir < 0 || mkdirat(dir, ".live", 0700) != 0)
		return 0;
	put(dir, "metadata", metadata, sizeof(metadata) - 1);
	put(dir, names[*data % 4], data + 1, size - 1);
	if (ct_trace_open(folder, NULL, &trace) == CT_OK &&
	    ct_trace_each_event(trace, format, trace) != CT_OK)
		abort();
	ct_trace_free(trace);
	unlinkat(dir, names[*data % 4], 0);
	unlinkat(dir, "metadata", 0);
	unlinkat(dir, ".live", AT_REMOVEDIR);
	return close(dir) + rmdir(folder);
}
