#include "live/steered.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

bool ct_steered_write_plan(const char *trace, const struct ct_plan *plan)
{
	struct ct_text path;
	bool good;
	int fd;

	ct_text_init(&path);
	ct_text_addf(&path, "%s%s", trace, CT_PLAN_FILE);
	fd = open(ct_text_str(&path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ct_text_fini(&path);
	if (fd < 0)
		return false;
	good = write(fd, plan, sizeof(*plan)) == (ssize_t)sizeof(*plan);
	close(fd);
	return good;
}

/* The program can write all over it: what counts is that nothing can be read out of bounds. */
static bool is_of(const struct ct_steer *steer, const struct ct_plan *plan)
{
	return steer->magic == CT_STEER_MAGIC && steer->version == CT_PLAN_VERSION &&
	       memcmp(&steer->plan, plan, sizeof(*plan)) == 0;
}

bool ct_steered_read(const char *trace, const struct ct_plan *plan, struct ct_steer *out)
{
	struct ct_text path;
	struct stat file;
	ssize_t n = -1;
	int fd;

	ct_text_init(&path);
	ct_text_addf(&path, "%s%s", trace, CT_STEER_FILE);
	fd = open(ct_text_str(&path), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	ct_text_fini(&path);
	if (fd >= 0) {
		if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode))
			n = read(fd, out, sizeof(*out));
		close(fd);
	}
	return n == (ssize_t)sizeof(*out) && is_of(out, plan);
}

uint32_t ct_steered_missing(const struct ct_steer *steer)
{
	uint32_t i = 0;

	while (i < steer->plan.count && steer->thread[i].arrived)
		i++;
	return i;
}

enum ct_steered_progress ct_steered_progress(const struct ct_steer *steer)
{
	if (steer->outcome == CT_STEER_OFF)
		return CT_STEERED_NOT;
	if (steer->turn)
		return CT_STEERED_MET;
	if (steer->outcome == CT_STEER_THRASHED)
		return CT_STEERED_FORCED;
	if (steer->outcome == CT_STEER_TIMED_OUT)
		return CT_STEERED_TIMED_OUT;
	return ct_steered_missing(steer) < steer->plan.count ? CT_STEERED_AWAY : CT_STEERED_APART;
}
