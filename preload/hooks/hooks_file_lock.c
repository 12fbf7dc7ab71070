/*
 * Locks on files: flock, lockf and those of fcntl. An unlock is stamped before the call. A lock
 * that may wait is tried first: what succeeds at once needs no request, and a try that is refused
 * leaves everything as the waiting call would have it (flock gives back what the open file held,
 * the others do not; in both cases that is what they do before they wait).
 */
#include <sys/file.h>

#include "hooks/call.h"
#include "hooks/file_lock.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "record/defs.h"
#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define NAMED_MAX 256u /* a power of two */

struct lock {
	struct ct_payload_file_lock payload;
	uint16_t event;
	int (*fcntl)(int fd, int command, ...);
	int (*lockf)(int fd, int command, off_t length);
	union {
		void *arg;    /* fcntl's */
		off_t length; /* lockf's */
	};
};

bool ct_file_lock_asked;

static int perform(const struct lock *lock, int operation)
{
	int fd = (int)lock->payload.fd;

	if (lock->payload.owner == CT_OWNER_PROCESS)
		ct_file_lock_asked = true;
	switch (lock->event) {
	case CT_EV_FLOCK:
		return CT_REAL(flock)(fd, operation);
	case CT_EV_LOCKF:
		return lock->lockf(fd, operation, lock->length);
	default:
		return lock->fcntl(fd, operation, lock->arg);
	}
}

static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 31) * UINT64_C(0x9e3779b97f4a7c15);
	return x ^ x >> 29;
}

/* Says the file's path, at the first lock of it in this process. The table forgets when two files
 * meet in it: then it is said again. */
static void name(uint64_t object, int fd)
{
	static uint64_t named[NAMED_MAX];
	struct ct_process *process = ct_recorder_process();
	char link[32], path[CT_PATH_SIZE];
	uint64_t *known, entry;
	struct ct_line line;
	long length;

	if (!process)
		return;
	entry = object ^ (uint64_t)process->number << 32;
	known = &named[object % NAMED_MAX];
	if (__atomic_exchange_n(known, entry, __ATOMIC_RELAXED) == entry)
		return;
	ct_line_init(&line, link, sizeof(link));
	ct_line_add(&line, "/proc/self/fd/");
	ct_line_add_u64(&line, (unsigned)fd);
	length = CT_SYS(SYS_readlink, link, path, sizeof(path) - 1, 0, 0, 0);
	if (length <= 0)
		return;
	path[length] = '\0';
	ct_defs_object_name(process, (const void *)(uintptr_t)object, path);
}

/* Which file it is; object 0: none. Returns its size. */
static uint64_t identify(struct lock *lock)
{
	struct stat info;
	int fd = (int)lock->payload.fd;

	if (ct_sys_fstat(fd, &info) < 0)
		return 0;
	lock->payload.object = CT_KERNEL_KEY(CT_KERNEL_FILE, mix(mix(info.st_dev) + info.st_ino));
	name(lock->payload.object, fd);
	return (uint64_t)info.st_size;
}

static uint64_t position(const struct lock *lock)
{
	long at = CT_SYS(SYS_lseek, lock->payload.fd, 0, SEEK_CUR, 0, 0, 0);

	return at < 0 ? 0 : (uint64_t)at;
}

/* A negative length is of what lies before the start. */
static void set_range(struct lock *lock, uint64_t start, off_t length)
{
	lock->payload.start = length < 0 ? start + (uint64_t)length : start;
	lock->payload.length = length < 0 ? -(uint64_t)length : (uint64_t)length;
}

static void refused(const struct lock *lock, uint16_t flags, uintptr_t pc, uintptr_t sp)
{
	ct_call_failed(lock->event, flags, lock->payload.object, errno, pc, sp);
}

static int unlock(const struct lock *lock, int operation, uintptr_t pc, uintptr_t sp)
{
	int result;

	ct_sync(lock->event, lock->payload.object, pc, sp);
	ct_call_event_bytes(lock->event, 0, &lock->payload, sizeof(lock->payload), pc, sp);
	result = perform(lock, operation);
	if (result)
		refused(lock, 0, pc, sp);
	return result;
}

/* Without waiting; flags: CT_F_TRY if that is what the program wants. */
static int try_lock(const struct lock *lock, int operation, uint16_t flags, uintptr_t pc,
		    uintptr_t sp)
{
	int result = perform(lock, operation);

	if (result == 0)
		ct_call_event_bytes(lock->event, flags, &lock->payload, sizeof(lock->payload), pc,
				    sp);
	else if (flags & CT_F_TRY || (errno != EAGAIN && errno != EACCES))
		refused(lock, flags, pc, sp);
	return result;
}

static int wait_lock(const struct lock *lock, int operation, int try_operation, uintptr_t pc,
		     uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call = {.pending = false};
	int result, saved = errno;

	if (lock->event != CT_EV_FLOCK) /* a cancellation point even when it need not wait */
		pthread_testcancel();
	result = try_lock(lock, try_operation, 0, pc, sp);
	if (result == 0 || (errno != EAGAIN && errno != EACCES))
		return result;
	errno = saved;
	ct_call_request_bytes(&call, lock->event, 0, lock->payload.object,
			      CT_FD_ARG(lock->payload.fd, lock->payload.mode), &lock->payload,
			      sizeof(lock->payload), pc, sp);
	result = perform(lock, operation);
	ct_call_complete_bytes(&call, ct_errno_of(result), &lock->payload, sizeof(lock->payload));
	return result;
}

CT_EXPORT int flock(int fd, int operation)
{
	struct lock lock = {.payload = {.fd = (uint32_t)fd, .owner = CT_OWNER_FLOCK},
			    .event = CT_EV_FLOCK};

	identify(&lock);
	switch (operation & ~LOCK_NB) {
	case LOCK_UN:
		return unlock(&lock, operation, CT_CALLER);
	case LOCK_SH:
		lock.payload.mode = CT_FILE_SHARED;
		break;
	case LOCK_EX:
		lock.payload.mode = CT_FILE_EXCLUSIVE;
		break;
	default:
		return CT_REAL(flock)(fd, operation);
	}
	ct_sync(CT_EV_FLOCK, lock.payload.object, CT_CALLER);
	if (operation & LOCK_NB)
		return try_lock(&lock, operation, CT_F_TRY, CT_CALLER);
	return wait_lock(&lock, operation, operation | LOCK_NB, CT_CALLER);
}

static int lock_part(int (*real)(int fd, int command, off_t length), int fd, int command,
		     off_t length, uintptr_t pc, uintptr_t sp)
{
	struct lock lock = {.payload = {.fd = (uint32_t)fd,
					.mode = CT_FILE_EXCLUSIVE,
					.owner = CT_OWNER_PROCESS},
			    .event = CT_EV_LOCKF,
			    .lockf = real,
			    .length = length};

	if (command != F_ULOCK && command != F_LOCK && command != F_TLOCK)
		return real(fd, command, length);
	identify(&lock);
	set_range(&lock, position(&lock), length);
	if (command != F_ULOCK)
		ct_sync(CT_EV_LOCKF, lock.payload.object, pc, sp);
	if (command == F_LOCK)
		return wait_lock(&lock, F_LOCK, F_TLOCK, pc, sp);
	if (command == F_TLOCK)
		return try_lock(&lock, F_TLOCK, CT_F_TRY, pc, sp);
	lock.payload.mode = CT_FILE_UNLOCK;
	return unlock(&lock, F_ULOCK, pc, sp);
}

CT_EXPORT int lockf(int fd, int command, off_t length)
{
	return lock_part(&CT_REAL(lockf), fd, command, length, CT_CALLER);
}

CT_EXPORT int lockf64(int fd, int command, off64_t length)
{
	return lock_part(&CT_REAL(lockf64), fd, command, length, CT_CALLER);
}

static uint64_t start_of(const struct lock *lock, const struct flock *range, uint64_t file_size)
{
	uint64_t base = 0;

	if (range->l_whence == SEEK_CUR)
		base = position(lock);
	else if (range->l_whence == SEEK_END)
		base = file_size;
	return base + (uint64_t)range->l_start;
}

int ct_file_lock_fcntl(int (*real)(int fd, int command, ...), int fd, int command, void *arg,
		       uintptr_t pc, uintptr_t sp)
{
	bool of_open_file = command == F_OFD_SETLK || command == F_OFD_SETLKW;
	struct lock lock = {
		.payload = {.fd = (uint32_t)fd,
			    .owner = of_open_file ? CT_OWNER_OPEN_FILE : CT_OWNER_PROCESS},
		.event = CT_EV_FCNTL_LOCK,
		.fcntl = real,
		.arg = arg};
	struct flock range;

	if (!ct_readable(arg, sizeof(range))) {
		int result = real(fd, command, arg);

		if (result)
			refused(&lock, 0, pc, sp);
		return result;
	}
	__builtin_memcpy(&range, arg, sizeof(range));
	set_range(&lock, start_of(&lock, &range, identify(&lock)), range.l_len);
	if (range.l_type == F_UNLCK)
		return unlock(&lock, command, pc, sp);
	lock.payload.mode = range.l_type == F_RDLCK ? CT_FILE_SHARED : CT_FILE_EXCLUSIVE;
	ct_sync(CT_EV_FCNTL_LOCK, lock.payload.object, pc, sp);
	if (command == F_SETLK || command == F_OFD_SETLK)
		return try_lock(&lock, command, CT_F_TRY, pc, sp);
	return wait_lock(&lock, command, of_open_file ? F_OFD_SETLK : F_SETLK, pc, sp);
}
