#include "grade/job_user.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/job_tree.h"

/* Between what systemd hands out for its own purposes and the end of 16 bits: in every container
 * that maps more than one user. Two for each job. */
enum { FIRST_ID = 60706, LAST_ID = 61183 };

/* Only root can make or open it; /run is emptied when the machine starts. */
static const char locks[] = "/run/conctrace-jobs";

struct ct_job_owners ct_job_users(void)
{
	if (geteuid() != 0)
		return (struct ct_job_owners){geteuid(), geteuid()};
	return (struct ct_job_owners){FIRST_ID, LAST_ID};
}

/* Its descriptor, or -1. */
static int open_locks(void)
{
	struct stat what;
	int fd;

	if ((mkdir("/run", 0755) != 0 && errno != EEXIST) ||
	    (mkdir(locks, 0700) != 0 && errno != EEXIST))
		return -1;
	fd = open(locks, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && (fstat(fd, &what) != 0 || what.st_uid != 0 || (what.st_mode & 0077))) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

/* What a job's user id owns is removed in the end: it must not be that of a person. A job has the
 * group of the same number, with all that this may do. */
static bool is_somebodys(uid_t id)
{
	return getpwuid(id) || getgrgid(id) || ct_job_user_is_busy(id);
}

/* Nobody else has taken it; whether something still runs as it is another matter. */
static bool lock(int folder, uid_t id, struct ct_job_user *out)
{
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%u", (unsigned)id);
	fd = openat(folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return false;
	}
	*out = (struct ct_job_user){.own = true, .id = id, .killer = id + 1, .lock = fd};
	return true;
}

static bool take(int folder, uid_t id, struct ct_job_user *out)
{
	struct ct_job_user user;

	if (!lock(folder, id, &user))
		return false;
	if (is_somebodys(id) || is_somebodys(id + 1)) {
		ct_job_user_release(&user);
		return false;
	}
	*out = user;
	return true;
}

enum ct_status ct_job_user_take(struct ct_job_user *out, struct ct_error *error)
{
	int folder;

	*out = (struct ct_job_user){.id = geteuid(), .lock = -1};
	if (geteuid() != 0)
		return CT_OK;
	folder = open_locks();
	if (folder < 0)
		return ct_error_set(error, CT_EIO, "cannot use %s: %s", locks, strerror(errno));
	for (uid_t id = FIRST_ID; id < LAST_ID && !out->own; id += 2)
		(void)take(folder, id, out);
	close(folder);
	if (!out->own)
		return ct_error_set(error, CT_EIO, "no user id from %d to %d is free for a job",
				    FIRST_ID, LAST_ID);
	return CT_OK;
}

bool ct_job_user_inherit(uid_t id, struct ct_job_user *out)
{
	bool locked;
	int folder;

	if (geteuid() != 0 || id < FIRST_ID || id >= LAST_ID || (id - FIRST_ID) % 2)
		return false;
	folder = open_locks();
	if (folder < 0)
		return false;
	locked = lock(folder, id, out);
	close(folder);
	return locked;
}

void ct_job_user_release(struct ct_job_user *user)
{
	if (user->lock >= 0)
		close(user->lock);
	user->lock = -1;
}

bool ct_job_user_become(const struct ct_job_user *user)
{
	if (!user->own)
		return true;
	return setgroups(0, NULL) == 0 && setresgid(user->id, user->id, user->id) == 0 &&
	       setresuid(user->id, user->id, user->id) == 0;
}

/* Kill permission goes by the sender's real and effective id and the receiver's real and saved one:
 * so it can kill them and they cannot kill it. Nothing is sent unless that is what we have become,
 * without the capability to kill everybody: -1 would be all processes of the machine. */
static _Noreturn void be_killer(const struct ct_job_user *user)
{
	uid_t real, effective, saved;

	if (user->id < FIRST_ID || user->killer <= user->id ||
	    setresuid(user->killer, user->id, user->killer) != 0 ||
	    getresuid(&real, &effective, &saved) != 0)
		_exit(1);
	if (real != user->killer || effective != user->id || saved != user->killer ||
	    kill(getppid(), 0) == 0)
		_exit(1);
	kill(-1, SIGKILL);
	_exit(0);
}

bool ct_job_user_kill(const struct ct_job_user *user)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		be_killer(user);
	if (pid < 0)
		return false;
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return false;
	}
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
