#include "grade/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "grade/job.h"
#include "grade/job_signals.h"
#include "grade/job_start.h"
#include "grade/job_user.h"

#define INSIDE "--inside-a-job"

enum { TMPFS_BYTES = 64 << 20, OPTIONS = 96 };

static const char *const always[] = {
	"--unshare-all",
	"--unshare-user",
	"--disable-userns", /* in one of its own it could mount what nobody counts */
	"--die-with-parent",
	"--new-session",
	"--as-pid-1",
	"--ro-bind",
	"/",
	"/",
	"--proc",
	"/proc",
	"--dev",
	"/dev",
};

/* What others may have put there is none of its business: secrets, sockets, other people's work.
 * Empty places for itself, kept in memory: with a limit. */
static const char *const writable[] = {"/tmp", "/dev/shm"};
static const char *const hidden[] = {"/var/tmp", "/run", "/home", "/root"};

/* Without these nothing works: they stay, even if somebody keeps a class there. */
static const char *const needed[] = {"/usr",   "/etc",	  "/bin",  "/sbin", "/lib", "/lib32",
				     "/lib64", "/libx32", "/proc", "/dev",  "/sys"};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* An argument list that grows; what it points to is not its own. */
struct list {
	char **items;
	size_t count;
};

static void add(struct list *list, const char *item)
{
	list->items[list->count++] = (char *)item;
}

static void add_bind(struct list *list, const char *how, const char *path)
{
	add(list, how);
	add(list, path);
	add(list, path);
}

static size_t count_of(const char *const *items)
{
	size_t count = 0;

	while (items && items[count])
		count++;
	return count;
}

/* As a shell finds it, by our own PATH; NULL: it is not there. */
static char *find_bwrap(struct ct_arena *arena)
{
	const char *at = getenv("PATH");

	for (size_t length; at && *at; at += length + (at[length] == ':')) {
		char *path;

		length = strcspn(at, ":");
		path = ct_arena_printf(arena, "%.*s/bwrap", (int)length, at);
		if (path && path[0] == '/' && access(path, X_OK) == 0)
			return path;
	}
	return NULL;
}

static char *own_executable(struct ct_arena *arena)
{
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length <= 0)
		return NULL;
	path[length] = '\0';
	return ct_arena_strdup(arena, path);
}

static bool is_folder(const char *path)
{
	struct stat what;

	return lstat(path, &what) == 0 && S_ISDIR(what.st_mode);
}

/* What is kept in memory has to have a limit as well. */
static char *tmpfs_size(struct ct_arena *arena, const struct ct_job *job)
{
	return ct_arena_printf(arena, "%" PRIu64,
			       job->limits.file_bytes ? job->limits.file_bytes
						      : (uint64_t)TMPFS_BYTES);
}

static bool is_within_any(const char *path, const char *const *places, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(places[i]);

		if (strncmp(path, places[i], length) == 0 &&
		    (path[length] == '/' || path[length] == '\0'))
			return true;
	}
	return false;
}

/* The place itself, wherever links lead; NULL: it is not to be hidden. */
static const char *place_to_hide(struct ct_arena *arena, const char *path)
{
	char *real = realpath(path, NULL);
	const char *place = NULL;

	if (real && real[1] && is_folder(real) && !is_within_any(real, needed, COUNT(needed)))
		place = ct_arena_strdup(arena, real);
	free(real);
	return place;
}

static void add_tmpfs(struct list *list, const char *size, const char *path)
{
	add(list, "--size");
	add(list, size);
	add(list, "--tmpfs");
	add(list, path);
}

static void add_read_only(struct list *list, const char *path)
{
	add(list, "--remount-ro");
	add(list, path);
}

struct place {
	const char *path;
	bool is_hidden;
};

/* What is within something comes after it. */
static int by_length(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	size_t x_length = strlen(x->path), y_length = strlen(y->path);

	if (x_length != y_length)
		return x_length < y_length ? -1 : 1;
	return y->is_hidden - x->is_hidden;
}

/* Of places within one another the inner one counts. What is hidden becomes read-only at last:
 * before, there has to be room for the places within it. */
static void add_places(struct list *list, struct place *places, size_t count, const char *folder)
{
	qsort(places, count, sizeof(*places), by_length);
	for (size_t i = 0; i < count; i++) {
		if (places[i].is_hidden)
			add_tmpfs(list, "65536", places[i].path);
		else
			add_bind(list, "--ro-bind-try", places[i].path);
	}
	add_bind(list, "--bind", folder);
	for (size_t i = 0; i < count; i++) {
		if (places[i].is_hidden)
			add_read_only(list, places[i].path);
	}
}

static void add_options(struct list *list, const char *size)
{
	for (size_t i = 0; i < COUNT(always); i++)
		add(list, always[i]);
	for (size_t i = 0; i < COUNT(writable); i++)
		add_tmpfs(list, size, writable[i]);
	add_read_only(list, "/dev"); /* a tmpfs as well, without a limit */
}

/* False: no memory. */
static bool add_job(struct list *list, struct ct_arena *arena, const struct ct_job *job,
		    const char *size, const char *executable)
{
	size_t most = COUNT(hidden) + count_of(job->hidden) + count_of(job->readable) + 1;
	struct place *places = ct_arena_calloc(arena, most, sizeof(*places));
	size_t count = 0;

	if (!places)
		return false;
	for (size_t i = 0; i < COUNT(hidden); i++) {
		if (is_folder(hidden[i]))
			places[count++] = (struct place){hidden[i], true};
	}
	for (size_t i = 0; job->hidden && job->hidden[i]; i++) {
		const char *path = place_to_hide(arena, job->hidden[i]);

		if (path)
			places[count++] = (struct place){path, true};
	}
	for (size_t i = 0; job->readable && job->readable[i]; i++)
		places[count++] = (struct place){job->readable[i], false};
	places[count++] = (struct place){executable, false};
	add_options(list, size);
	add_places(list, places, count, job->folder);
	add(list, "--chdir");
	add(list, job->folder);
	return true;
}

/* bubblewrap sets PWD: one that was given is to be kept. */
static const char *given_directory(const struct ct_job *job)
{
	for (size_t i = 0; job->environment[i]; i++) {
		if (strncmp(job->environment[i], "PWD=", 4) == 0)
			return job->environment[i] + 4;
	}
	return "";
}

enum ct_status ct_sandbox_command_make(struct ct_sandbox_command *out, const struct ct_job *job,
				       int news, struct ct_error *error)
{
	char *bwrap, *executable, *size, *descriptor;
	struct list list = {0};

	ct_arena_init(&out->arena);
	bwrap = find_bwrap(&out->arena);
	executable = own_executable(&out->arena);
	size = tmpfs_size(&out->arena, job);
	descriptor = ct_arena_printf(&out->arena, "%d", news);
	list.items = ct_arena_calloc(&out->arena,
				     OPTIONS + 6 * count_of(job->hidden) +
					     3 * count_of(job->readable) + count_of(job->argv),
				     sizeof(char *));
	if (!bwrap)
		return ct_error_set(error, CT_EIO, "bubblewrap (bwrap) is not installed");
	if (!executable || !size || !descriptor || !list.items)
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	add(&list, bwrap);
	if (!add_job(&list, &out->arena, job, size, executable))
		return ct_error_set(error, CT_ENOMEM, "out of memory");
	add(&list, "--");
	add(&list, executable);
	add(&list, INSIDE);
	add(&list, descriptor);
	add(&list, given_directory(job));
	for (size_t i = 0; job->argv[i]; i++)
		add(&list, job->argv[i]);
	out->argv = list.items;
	return CT_OK;
}

void ct_sandbox_command_fini(struct ct_sandbox_command *command)
{
	ct_arena_fini(&command->arena);
}

static void tell(int fd, const struct ct_job_news *news)
{
	if (write(fd, news, sizeof(*news)) != (ssize_t)sizeof(*news))
		_exit(1); /* nobody waits any more */
}

static _Noreturn void be_command(int fd, const char *directory, char **argv)
{
	struct ct_job_news news = {.kind = CT_JOB_CANNOT_EXECUTE};

	setsid();
	if (*directory ? setenv("PWD", directory, 1) == 0 : unsetenv("PWD") == 0)
		execvp(argv[0], argv);
	news.status = errno;
	tell(fd, &news);
	_exit(127);
}

static int be_first_process(int fd, const char *directory, char **argv)
{
	struct ct_job_news news = {.kind = CT_JOB_OVER};
	pid_t command, pid;

	/* nothing in here may look into us or write to `fd` */
	if (getpid() != 1 || prctl(PR_SET_DUMPABLE, 0) != 0)
		return 1;
	ct_job_close_on_exec();
	command = fork();
	if (command == 0)
		be_command(fd, directory, argv);
	if (command < 0) {
		news = (struct ct_job_news){.kind = CT_JOB_CANNOT_PREPARE, .status = errno};
		tell(fd, &news);
		return 1;
	}
	do
		pid = waitpid(-1, &news.status, 0);
	while (pid != command && (pid > 0 || errno == EINTR));
	news.left_behind = ct_job_reap_rest();
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	tell(fd, &news);
	return 0;
}

bool ct_job_inside(int argc, char **argv, int *out_status)
{
	if (argc < 5 || strcmp(argv[1], INSIDE) != 0)
		return false;
	*out_status = be_first_process((int)strtol(argv[2], NULL, 10), argv[3], argv + 4);
	return true;
}

static bool succeeds(const struct ct_job_user *user, char *const *argv)
{
	struct ct_job_signals_before before;
	int status = -1;
	pid_t pid;

	ct_job_signals_block(&before); /* were SIGCHLD ignored, there would be nobody to wait for */
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
		    dup2(null, STDERR_FILENO) < 0 || !ct_job_user_become(user) || chdir("/") != 0)
			_exit(1);
		ct_job_signals_unblock(&before);
		execv(argv[0], argv);
		_exit(1);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	ct_job_signals_unblock(&before);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* The same options as for a job, as the same kind of user. */
static bool try_it(struct ct_arena *arena, char *bwrap, const struct ct_job_user *user)
{
	struct list list = {.items = ct_arena_calloc(arena, OPTIONS, sizeof(char *))};

	if (!list.items)
		return false;
	add(&list, bwrap);
	add_options(&list, "65536");
	add(&list, "--");
	add(&list, "/bin/true");
	return succeeds(user, list.items);
}

bool ct_sandbox_works(const char **out_why_not)
{
	struct ct_job_user user;
	struct ct_arena arena;
	struct ct_error error;
	char *bwrap;
	bool works = false;

	if (ct_job_user_take(&user, &error) != CT_OK) {
		*out_why_not = "no user id is free for it";
		return false;
	}
	ct_arena_init(&arena);
	bwrap = find_bwrap(&arena);
	if (!bwrap)
		*out_why_not = "bubblewrap (bwrap) is not installed";
	else if (!try_it(&arena, bwrap, &user))
		*out_why_not = "bubblewrap may not make namespaces here, or is older than 0.8";
	else
		works = true;
	ct_arena_fini(&arena);
	ct_job_user_release(&user);
	return works;
}
