/*
 * The other names that libc gives to functions: old programs and libraries ask for them. Each is
 * called once where it has to work and once where it has to fail; what came out is printed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *file_name;

static void *named(const char *name)
{
	void *found = dlsym(RTLD_DEFAULT, name);

	if (!found) /* only there for programs that were linked long ago */
		found = dlvsym(RTLD_DEFAULT, name, "GLIBC_2.2.5");
	if (found)
		return found;
	printf("%s: not in this libc\n", name);
	exit(1);
}

/* The function of that name, as one of `type`. */
#define CALL(type, name) ((type)(uintptr_t)named(#name))

static void said(const char *name, long result)
{
	printf("%s: %ld%s%s\n", name, result, result == -1 ? " " : "",
	       result == -1 ? strerrorname_np(errno) : "");
}

#define SAY(type, name, ...) said(#name, (long)CALL(type, name)(__VA_ARGS__))

typedef int (*on_mutex)(pthread_mutex_t *);
typedef int (*on_rwlock)(pthread_rwlock_t *);
typedef int (*on_path)(const char *, int, ...);
typedef int (*on_path_2)(const char *, int);
typedef int (*on_folder)(int, const char *, int, ...);
typedef int (*on_folder_2)(int, const char *, int);
typedef int (*on_creat)(const char *, mode_t);
typedef ssize_t (*on_read)(int, void *, size_t);
typedef ssize_t (*on_write)(int, const void *, size_t);
typedef int (*on_fd)(int);
typedef int (*on_two)(int, int);
typedef int (*on_fcntl)(int, int, ...);
typedef ssize_t (*on_parts)(int, const struct iovec *, int, off64_t, int);
typedef void *(*on_map)(void *, size_t, int, int, int, off64_t);
typedef int (*on_connect)(int, const struct sockaddr *, socklen_t);
typedef ssize_t (*on_send)(int, const void *, size_t, int);
typedef FILE *(*on_file)(const char *, const char *);
typedef FILE *(*on_reopen)(const char *, const char *, FILE *);

static void locks(void)
{
	pthread_mutexattr_t kind;
	pthread_mutex_t mutex;
	pthread_rwlock_t lock;

	pthread_mutexattr_init(&kind);
	pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK);
	said("__pthread_mutex_init", CALL(int (*)(pthread_mutex_t *, const pthread_mutexattr_t *),
					  __pthread_mutex_init)(&mutex, &kind));
	SAY(on_mutex, __pthread_mutex_lock, &mutex);
	SAY(on_mutex, __pthread_mutex_lock, &mutex); /* EDEADLK */
	SAY(on_mutex, __pthread_mutex_trylock, &mutex);
	SAY(on_mutex, __pthread_mutex_unlock, &mutex);
	SAY(on_mutex, __pthread_mutex_unlock, &mutex); /* EPERM */
	SAY(on_mutex, __pthread_mutex_destroy, &mutex);
	said("__pthread_rwlock_init",
	     CALL(int (*)(pthread_rwlock_t *, const pthread_rwlockattr_t *),
		  __pthread_rwlock_init)(&lock, NULL));
	SAY(on_rwlock, __pthread_rwlock_rdlock, &lock);
	SAY(on_rwlock, __pthread_rwlock_tryrdlock, &lock);
	SAY(on_rwlock, __pthread_rwlock_trywrlock, &lock); /* EBUSY */
	SAY(on_rwlock, __pthread_rwlock_unlock, &lock);
	SAY(on_rwlock, __pthread_rwlock_unlock, &lock);
	SAY(on_rwlock, __pthread_rwlock_wrlock, &lock);
	SAY(on_rwlock, __pthread_rwlock_unlock, &lock);
	SAY(on_rwlock, __pthread_rwlock_destroy, &lock);
}

static int onces;

static void count_once(void)
{
	onces++;
}

static int as_child(void *arg)
{
	return *(int *)arg;
}

static void threads(void)
{
	typedef int (*on_clone)(int (*)(void *), void *, int, void *, ...);
	static _Alignas(16) char stack[65536];
	pthread_once_t once = PTHREAD_ONCE_INIT;
	int status = 7;
	pid_t child;

	for (int i = 0; i < 2; i++)
		said("__pthread_once", CALL(int (*)(pthread_once_t *, void (*)(void)),
					    __pthread_once)(&once, count_once));
	printf("once: %d\n", onces);
	SAY(int (*)(void), pthread_yield);
	child = CALL(on_clone, __clone)(as_child, stack + sizeof(stack), SIGCHLD, &status);
	printf("__clone: %d\n", child > 0 && waitpid(child, &status, 0) == child ? status : -1);
	said("__clone", CALL(on_clone, __clone)(NULL, stack + sizeof(stack), SIGCHLD, NULL));
}

static void pipes(void)
{
	struct iovec part = {.iov_base = (char[1]){'x'}, .iov_len = 1};
	char byte = 'x';
	int fds[2], copy;

	SAY(int (*)(int *), __pipe, fds);
	SAY(on_write, __write, fds[1], &byte, 1);
	SAY(on_read, __read, fds[0], &byte, 1);
	SAY(on_parts, pwritev64v2, fds[1], &part, 1, -1, 0);
	SAY(on_parts, preadv64v2, fds[0], &part, 1, -1, 0);
	SAY(on_parts, pwritev64v2, -1, &part, 1, -1, 0);
	SAY(on_parts, preadv64v2, -1, &part, 1, -1, 0);
	SAY(on_write, __write, -1, &byte, 1);
	SAY(on_read, __read, -1, &byte, 1);
	copy = CALL(on_fcntl, __fcntl)(fds[0], F_DUPFD_CLOEXEC, 20);
	printf("__fcntl: %d\n", copy);
	SAY(on_two, __dup2, fds[1], copy);
	SAY(on_two, __dup2, -1, copy);
	SAY(on_fcntl, fcntl64, copy, F_GETFD);
	SAY(on_fcntl, fcntl64, -1, F_GETFD);
	SAY(on_fd, __close, copy);
	SAY(on_fd, __close, copy);
	SAY(on_fd, __close, fds[1]);
	SAY(on_read, __read, fds[0], &byte, 1); /* 0: the end */
	SAY(on_fd, __close, fds[0]);
}

static void opened(const char *name, int fd)
{
	said(name, fd < 0 ? fd : 0);
	if (fd >= 0)
		close(fd);
}

#define OPENED(type, name, ...) opened(#name, CALL(type, name)(__VA_ARGS__))

static void files(void)
{
	FILE *file;

	OPENED(on_creat, creat, file_name, 0600);
	OPENED(on_creat, creat64, file_name, 0600);
	OPENED(on_creat, creat, "/proc/none", 0600);
	OPENED(on_creat, creat64, "/proc/none", 0600);
	OPENED(on_path, open64, file_name, O_RDONLY);
	OPENED(on_path, __open, file_name, O_RDONLY);
	OPENED(on_path, __open64, file_name, O_RDONLY | O_CREAT | O_EXCL, 0600);
	OPENED(on_path_2, __open_2, file_name, O_RDONLY);
	OPENED(on_path_2, __open64_2, "/proc/none", O_RDONLY);
	OPENED(on_folder, openat, AT_FDCWD, file_name, O_RDONLY);
	OPENED(on_folder, openat, -1, "none", O_RDONLY);
	OPENED(on_folder, openat64, AT_FDCWD, file_name, O_RDONLY);
	OPENED(on_folder_2, __openat_2, AT_FDCWD, file_name, O_RDONLY);
	OPENED(on_folder_2, __openat64_2, -1, "none", O_RDONLY);
	file = CALL(on_file, fopen64)(file_name, "w");
	printf("fopen64: %d\n", file && fputs("text", file) >= 0);
	file = CALL(on_reopen, freopen64)(file_name, "r", file);
	printf("freopen64: %d\n", file && fgetc(file) == 't');
	fclose(file);
	printf("fopen64: %d\n", !CALL(on_file, fopen64)("/proc/none", "r"));
}

static void others(void)
{
	struct sockaddr_un nobody = {.sun_family = AF_UNIX, .sun_path = "\0ct-nobody-listens"};
	void *memory =
		CALL(on_map, mmap64)(NULL, 4096, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fds[2], fd = socket(AF_UNIX, SOCK_STREAM, 0), copy, self;

	printf("mmap64: %d\n", memory != MAP_FAILED && munmap(memory, 4096) == 0);
	said("mmap64",
	     (long)(intptr_t)CALL(on_map, mmap64)(NULL, 0, PROT_READ, MAP_PRIVATE, -1, 0));
	SAY(on_connect, __connect, fd, (struct sockaddr *)&nobody, sizeof(nobody));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		exit(1);
	SAY(on_send, __send, fds[0], "x", 1, 0);
	SAY(on_send, __send, -1, "x", 1, 0);
	self = (int)syscall(SYS_pidfd_open, getpid(), 0);
	copy = CALL(int (*)(int, int, unsigned), pidfd_getfd)(self, fds[1], 0);
	printf("pidfd_getfd: %d\n", copy >= 0 ? (int)read(copy, &(char){0}, 1) : -errno);
	SAY(int (*)(int, int, unsigned), pidfd_getfd, -1, fds[1], 0);
}

/* _Exit has no way back: in a child. */
static void leave(void)
{
	typedef pid_t (*on_fork)(void);
	typedef pid_t (*on_waitpid)(pid_t, int *, int);
	int status = 0;
	pid_t child;

	fflush(stdout);
	child = CALL(on_fork, __fork)();
	if (child == 0)
		_Exit(9);
	printf("__waitpid: %d\n", CALL(on_waitpid, __waitpid)(child, &status, 0) == child);
	printf("_Exit: %d\n", WEXITSTATUS(status));
	child = CALL(on_fork, __vfork)();
	if (child == 0)
		_exit(8);
	printf("__wait: %d\n", CALL(pid_t(*)(int *), __wait)(&status) == child);
	printf("_exit: %d\n", WEXITSTATUS(status));
	SAY(on_waitpid, __waitpid, -1, &status, 0);
	said("__wait", CALL(pid_t(*)(int *), __wait)(&status));
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	file_name = argv[1];
	locks();
	threads();
	pipes();
	files();
	others();
	leave();
	return 0;
}
