#include "grade/results_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/text.h"

/* The table leaves out names with a dot. */
#define LOCK "/.lock"

enum ct_status ct_results_lock(const char *folder, int *out_fd, struct ct_error *error)
{
	enum ct_status status = CT_OK;
	struct ct_text path;
	int fd = -1;

	ct_text_init(&path);
	ct_text_addf(&path, "%s" LOCK, folder);
	if (ct_text_status(&path) != CT_OK)
		status = ct_error_set(error, CT_ENOMEM, "out of memory");
	else if ((fd = open(ct_text_str(&path), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644)) <
		 0)
		status = ct_error_set(error, CT_EWRITE, "%s: %s", ct_text_str(&path),
				      strerror(errno));
	else if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
		status = ct_error_set(error, CT_EUSAGE,
				      "%s: another conctrace grade writes its results there",
				      folder);
	ct_text_fini(&path);
	if (status == CT_OK)
		*out_fd = fd;
	else if (fd >= 0)
		close(fd);
	return status;
}
