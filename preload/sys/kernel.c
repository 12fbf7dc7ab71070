#include "sys/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>

#ifndef MADV_WIPEONFORK
#define MADV_WIPEONFORK 18
#define MADV_KEEPONFORK 19
#endif

int ct_sys_open(const char *path, int flags, unsigned mode)
{
	long fd;

	do
		fd = CT_SYS(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, mode, 0, 0);
	while (fd == -EINTR);
	return (int)fd;
}

void ct_sys_close(int fd)
{
	CT_SYS(SYS_close, fd, 0, 0, 0, 0, 0);
}

long ct_sys_read(int fd, void *buffer, size_t size)
{
	size_t done = 0;

	while (done < size) {
		long n = CT_SYS(SYS_read, fd, (char *)buffer + done, size - done, 0, 0, 0);

		if (n == -EINTR)
			continue;
		if (n < 0)
			return n;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return (long)done;
}

long ct_sys_write(int fd, const void *buffer, size_t size)
{
	long n;

	do
		n = CT_SYS(SYS_write, fd, buffer, size, 0, 0, 0);
	while (n == -EINTR);
	return n;
}

long ct_sys_write2(int fd, const void *first, size_t first_size, const void *second,
		   size_t second_size)
{
	struct iovec pieces[2] = {{(void *)(uintptr_t)first, first_size},
				  {(void *)(uintptr_t)second, second_size}};
	long n;

	do
		n = CT_SYS(SYS_writev, fd, pieces, 2, 0, 0, 0);
	while (n == -EINTR);
	return n;
}

int ct_sys_rename(const char *from, const char *to)
{
	return (int)CT_SYS(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to, 0, 0);
}

int ct_sys_unlink(const char *path)
{
	return (int)CT_SYS(SYS_unlinkat, AT_FDCWD, path, 0, 0, 0, 0);
}

int ct_sys_mkdir(const char *path, unsigned mode)
{
	return (int)CT_SYS(SYS_mkdirat, AT_FDCWD, path, mode, 0, 0, 0);
}

int ct_sys_truncate(int fd, uint64_t size)
{
	return (int)CT_SYS(SYS_ftruncate, fd, size, 0, 0, 0, 0);
}

int ct_sys_reserve(int fd, uint64_t size)
{
	long error;

	if (size > ct_sys_limit(RLIMIT_FSIZE)) /* the kernel would send a SIGXFSZ as well */
		return -EFBIG;
	do
		error = CT_SYS(SYS_fallocate, fd, 0, 0, size, 0, 0);
	while (error == -EINTR);
	return error == -EOPNOTSUPP ? ct_sys_truncate(fd, size) : (int)error;
}

int ct_sys_fstat(int fd, struct stat *out)
{
	return (int)CT_SYS(SYS_fstat, fd, out, 0, 0, 0, 0);
}

int ct_sys_stat(const char *path, struct stat *out)
{
	return (int)CT_SYS(SYS_newfstatat, AT_FDCWD, path, out, 0, 0, 0);
}

void *ct_sys_map(int fd, size_t size)
{
	int flags = fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED;
	long at = CT_SYS(SYS_mmap, 0, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	return at < 0 && at > -4096 ? NULL : (void *)at;
}

void ct_sys_map_over(void *memory, size_t size)
{
	CT_SYS(SYS_mmap, memory, size, PROT_READ | PROT_WRITE,
	       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}

void ct_sys_unmap(void *memory, size_t size)
{
	CT_SYS(SYS_munmap, memory, size, 0, 0, 0, 0);
}

int ct_sys_wipe_on_fork(void *memory, size_t size)
{
	return (int)CT_SYS(SYS_madvise, memory, size, MADV_WIPEONFORK, 0, 0, 0);
}

int ct_sys_keep_on_fork(void *memory, size_t size)
{
	return (int)CT_SYS(SYS_madvise, memory, size, MADV_KEEPONFORK, 0, 0, 0);
}

/*
 * Asks the kernel to read a signal mask there, for an operation that does not exist: the copy comes
 * first, so EFAULT means that the word cannot be read, and EINVAL that it can. Changes nothing,
 * needs no descriptor, and is a call that every seccomp filter must let pass.
 */
bool ct_sys_readable(uintptr_t address)
{
	return CT_SYS(SYS_rt_sigprocmask, -1, address & ~(sizeof(uint64_t) - 1), 0,
		      sizeof(uint64_t), 0, 0) == -EINVAL;
}

/* The kernel puts the thread's signal mask there, and changes it in nothing. */
bool ct_sys_overwrite(uintptr_t address)
{
	return CT_SYS(SYS_rt_sigprocmask, SIG_BLOCK, 0, address, sizeof(uint64_t), 0, 0) == 0;
}

size_t ct_sys_alternate_stack_below(uintptr_t address)
{
	stack_t stack = {.ss_flags = SS_DISABLE};
	size_t below;

	CT_SYS(SYS_sigaltstack, 0, &stack, 0, 0, 0, 0);
	below = address - (uintptr_t)stack.ss_sp;
	return stack.ss_flags & SS_DISABLE || below >= stack.ss_size ? SIZE_MAX : below;
}

uint32_t ct_sys_pid(void)
{
	return (uint32_t)CT_SYS(SYS_getpid, 0, 0, 0, 0, 0, 0);
}

uint32_t ct_sys_parent_pid(void)
{
	return (uint32_t)CT_SYS(SYS_getppid, 0, 0, 0, 0, 0, 0);
}

uint32_t ct_sys_tid(void)
{
	return (uint32_t)CT_SYS(SYS_gettid, 0, 0, 0, 0, 0, 0);
}

void ct_sys_random(void *buffer, size_t size)
{
	CT_SYS(SYS_getrandom, buffer, size, 0, 0, 0, 0);
}

void ct_sys_yield(void)
{
	CT_SYS(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

int ct_sys_sleep(uint64_t time_ns)
{
	struct timespec time = {.tv_sec = (time_t)(time_ns / 1000000000u),
				.tv_nsec = (long)(time_ns % 1000000000u)};

	return (int)CT_SYS(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, &time, NULL, 0, 0);
}

uint64_t ct_sys_time(void)
{
	struct timespec time = {0, 0};

	CT_SYS(SYS_clock_gettime, CLOCK_MONOTONIC, &time, 0, 0, 0, 0);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

int ct_sys_rusage(int who, struct rusage *out)
{
	return (int)CT_SYS(SYS_getrusage, who, out, 0, 0, 0, 0);
}

#define SIGNAL(number) (UINT64_C(1) << ((number)-1))

uint64_t ct_sys_hold_signals(void)
{
	static const uint64_t held = ~(SIGNAL(SIGSEGV) | SIGNAL(SIGBUS) | SIGNAL(SIGILL) |
				       SIGNAL(SIGFPE) | SIGNAL(SIGTRAP) | SIGNAL(SIGSYS));
	uint64_t before = 0;

	CT_SYS(SYS_rt_sigprocmask, SIG_BLOCK, &held, &before, sizeof(held), 0, 0);
	return before;
}

void ct_sys_set_signals(uint64_t mask)
{
	CT_SYS(SYS_rt_sigprocmask, SIG_SETMASK, &mask, NULL, sizeof(mask), 0, 0);
}

uint64_t ct_sys_limit(int resource)
{
	struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};

	if (CT_SYS(SYS_prlimit64, 0, resource, 0, &limit, 0, 0) < 0)
		return RLIM_INFINITY;
	return limit.rlim_cur;
}
