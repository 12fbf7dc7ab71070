#ifndef CT_SYS_KERNEL_H
#define CT_SYS_KERNEL_H
/*
 * System calls without libc: no errno, no cancellation point, no interposed symbol, usable in any
 * context. Each returns what the kernel returned: a negative errno value on failure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#if !defined(__x86_64__)
#error "conctrace's recorder runs on x86-64; another architecture needs ct_syscall6 here"
#endif

static inline long ct_syscall6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#define CT_SYS(number, a, b, c, d, e, f)                                                           \
	ct_syscall6((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))

/* Always adds O_CLOEXEC. Restarts on EINTR. */
int ct_sys_open(const char *path, int flags, unsigned mode);
void ct_sys_close(int fd);
/* Reads until `size` bytes or the end of file; the count, or a negative errno. */
long ct_sys_read(int fd, void *buffer, size_t size);
/* One write, restarted on EINTR; may be short. */
long ct_sys_write(int fd, const void *buffer, size_t size);
/* The same of two pieces, one behind the other. */
long ct_sys_write2(int fd, const void *first, size_t first_size, const void *second,
		   size_t second_size);
int ct_sys_rename(const char *from, const char *to);
int ct_sys_unlink(const char *path);
int ct_sys_mkdir(const char *path, unsigned mode);
int ct_sys_truncate(int fd, uint64_t size);
/* Reserves file space, so that touching a mapping of it cannot fail; falls back to truncation on
 * file systems that cannot. */
int ct_sys_reserve(int fd, uint64_t size);
int ct_sys_fstat(int fd, struct stat *out);
int ct_sys_stat(const char *path, struct stat *out);
/* NULL on failure. fd < 0: private anonymous memory, else shared memory of the file. */
void *ct_sys_map(int fd, size_t size);
/* Puts private anonymous memory where other memory is. */
void ct_sys_map_over(void *memory, size_t size);
void ct_sys_unmap(void *memory, size_t size);
/* Makes private memory read as zero in a forked child (Linux 4.14). */
int ct_sys_wipe_on_fork(void *memory, size_t size);
/* Takes that back. */
int ct_sys_keep_on_fork(void *memory, size_t size);
/* Whether the aligned word around this address can be read. */
bool ct_sys_readable(uintptr_t address);
/* Writes eight bytes without a meaning there; false: they cannot be written. */
bool ct_sys_overwrite(uintptr_t address);
/* How much of the thread's alternate signal stack lies below the address; SIZE_MAX if it is not on
 * one that is set now. */
size_t ct_sys_alternate_stack_below(uintptr_t address);
uint32_t ct_sys_pid(void);
uint32_t ct_sys_parent_pid(void);
uint32_t ct_sys_tid(void);
void ct_sys_random(void *buffer, size_t size);
void ct_sys_yield(void);
/* Less if a signal was handled meanwhile: -EINTR then. */
int ct_sys_sleep(uint64_t time_ns);
/* Of CLOCK_MONOTONIC. */
uint64_t ct_sys_time(void);
int ct_sys_rusage(int who, struct rusage *out);
/* Blocks all signals of this thread but those that faults raise, which kill it when blocked. The
 * mask before, for ct_sys_set_signals(). */
uint64_t ct_sys_hold_signals(void);
void ct_sys_set_signals(uint64_t mask);
/* Soft limit of a resource, RLIM_INFINITY when unknown. */
uint64_t ct_sys_limit(int resource);

#endif
