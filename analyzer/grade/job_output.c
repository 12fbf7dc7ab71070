#include "grade/job_output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 65536, CHUNKS = 16 }; /* so much at a time: others want attention too */

/* An old file may be a link to somewhere else; a device stays. */
static int make_file(const char *path)
{
	struct stat old;

	if (lstat(path, &old) == 0) {
		if (!S_ISREG(old.st_mode) && !S_ISLNK(old.st_mode))
			return open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
		if (unlink(path) != 0)
			return -1;
	}
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

enum ct_status ct_job_output_open(struct ct_job_output *out, int from, const char *path,
				  uint64_t limit, struct ct_error *error)
{
	*out = (struct ct_job_output){.from = from, .to = -1, .limit = limit};
	if (from < 0)
		return CT_OK;
	out->to = make_file(path);
	if (out->to < 0 || fcntl(from, F_SETFL, O_NONBLOCK) != 0)
		return ct_error_set(error, CT_EWRITE, "cannot write %s: %s", path, strerror(errno));
	return CT_OK;
}

static bool keep(struct ct_job_output *output, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(output->to, data, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			output->failure = n < 0 ? errno : EIO;
			return false;
		}
		data += n;
		size -= (size_t)n;
	}
	return true;
}

static void end(struct ct_job_output *output)
{
	close(output->from);
	output->from = -1;
}

void ct_job_output_take(struct ct_job_output *output)
{
	char data[CHUNK];

	for (int i = 0; i < CHUNKS && output->from >= 0; i++) {
		ssize_t n = read(output->from, data, sizeof(data));
		size_t size = n > 0 ? (size_t)n : 0;

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (output->limit && size > output->limit - output->bytes) {
			size = (size_t)(output->limit - output->bytes);
			output->cut = true;
		}
		output->bytes += size;
		if (!keep(output, data, size) || output->cut || n <= 0)
			end(output);
	}
}

void ct_job_output_close(struct ct_job_output *output)
{
	if (output->from >= 0)
		end(output);
	if (output->to >= 0 && close(output->to) != 0 && !output->failure)
		output->failure = errno;
	output->to = -1;
}
