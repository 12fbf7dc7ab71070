#include "access/trap/watch.h"

#include <fcntl.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <time.h>

#include "access/trap/budget.h"
#include "access/trap/site.h"
#include "sys/kernel.h"

#define TICK_NS 1000000u
#define TICK_DATA UINT64_MAX
#define NUMBER_BITS 8
#define USELESS_MAX 4u
/* The kernel changes an event once for each thread that has inherited it: among a thousand threads
 * that takes longer than they are held. */
#define SLOW_NS 200000u
#define PER_HOLD_NS 10000u /* what it may cost if all holds share it */
#define FD_LOW 100
#define FD_HIGH 1000 /* a fork copies the table of descriptors up to the highest */

#ifndef TRAP_PERF
#define TRAP_PERF 6
#endif

/* `generation` is odd while `watched` may be read: of a signal it tells which watch it is from. */
static struct watch {
	int fd; /* 0: none */
	uint32_t taken, generation, useless;
	struct ct_watched watched;
	struct perf_event_attr attr;
} watches[CT_WATCHES];
static int clock_fd;
static uint32_t unwatched; /* holds that go without a watchpoint next */
static bool tried;	   /* to open them */
static bool restricted;	   /* they may not be opened */
static uint64_t nowhere;   /* what they watch until they are told */

/* The part of siginfo_t that libc may not know of. */
struct perf_signal {
	int number, error, code, unused;
	uint64_t address, data;
	uint32_t type, flags;
};

#define SIGNAL_LATE 1u /* of `flags`: it was held back, the context is of elsewhere */

static int highest_fd(void)
{
	uint64_t limit = ct_sys_limit(RLIMIT_NOFILE);

	return limit < FD_HIGH + 24 ? (int)limit - 24 : FD_HIGH;
}

/* Out of the way of the program, which may count on the numbers that it gets. */
static int move_up(int fd)
{
	int low = highest_fd();
	long high = CT_SYS(SYS_fcntl, fd, F_DUPFD_CLOEXEC, low < FD_LOW ? FD_LOW : low, 0, 0, 0);

	ct_sys_close(fd);
	return high > 0 ? (int)high : 0;
}

static int open_event(struct perf_event_attr *attr)
{
	long fd;

	attr->size = sizeof(*attr);
	attr->exclude_kernel = attr->exclude_hv = 1;
	attr->sigtrap = attr->remove_on_exec = 1;
	attr->inherit = attr->inherit_thread = 1;
	fd = CT_SYS(SYS_perf_event_open, attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC, 0);
	return fd < 0 ? 0 : move_up((int)fd);
}

static int open_watch(struct watch *watch)
{
	watch->attr = (struct perf_event_attr){.type = PERF_TYPE_BREAKPOINT,
					       .bp_type = HW_BREAKPOINT_RW,
					       .bp_addr = (uintptr_t)&nowhere,
					       .bp_len = sizeof(nowhere),
					       .sample_period = 1,
					       .disabled = 1};
	return open_event(&watch->attr);
}

void ct_watch_restrict(void)
{
	restricted = true;
}

void ct_watch_open(void)
{
	struct perf_event_attr clock = {.type = PERF_TYPE_SOFTWARE,
					.config = PERF_COUNT_SW_TASK_CLOCK,
					.sample_period = TICK_NS,
					.sig_data = TICK_DATA};

	if (restricted || __atomic_exchange_n(&tried, true, __ATOMIC_ACQ_REL))
		return;
	clock_fd = open_event(&clock);
	for (unsigned i = 0; clock_fd && i < CT_WATCHES; i++)
		watches[i].fd = open_watch(&watches[i]);
}

static bool is_event(int fd)
{
	uint64_t id;

	return CT_SYS(SYS_ioctl, fd, PERF_EVENT_IOC_ID, &id, 0, 0, 0) == 0;
}

/* The program may have closed it by a range, and opened another at its number. */
static void close_event(int *fd)
{
	int old = __atomic_exchange_n(fd, 0, __ATOMIC_RELAXED);

	if (old && is_event(old))
		ct_sys_close(old);
}

/* Who has taken one gives it back itself. */
void ct_watch_close(void)
{
	close_event(&clock_fd);
	for (unsigned i = 0; i < CT_WATCHES; i++)
		close_event(&watches[i].fd);
	__atomic_store_n(&tried, false, __ATOMIC_RELEASE);
}

void ct_watch_forked(void)
{
	ct_watch_close();
	for (unsigned i = 0; i < CT_WATCHES; i++) {
		watches[i].taken = 0;
		watches[i].generation = (watches[i].generation + 2) & ~1u;
	}
}

static bool is_in(int fd, unsigned first, unsigned last)
{
	return fd > 0 && (unsigned)fd >= first && (unsigned)fd <= last && is_event(fd);
}

bool ct_watch_owns_any(unsigned first, unsigned last)
{
	bool any = is_in(clock_fd, first, last);

	for (unsigned i = 0; i < CT_WATCHES && !any; i++)
		any = is_in(watches[i].fd, first, last);
	return any;
}

/* The processor watches 1, 2, 4 or 8 bytes at a multiple of that: as many as the access has. */
static void cover(struct perf_event_attr *attr, uintptr_t address, uint32_t size)
{
	uint64_t length = 8;

	while (length > 1 && (length > size || address % length))
		length /= 2;
	attr->bp_addr = address;
	attr->bp_len = length;
}

/* What this thread has computed: that it had to wait for a processor tells nothing. */
static uint64_t processor_time(void)
{
	struct timespec time = {0};

	CT_SYS(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &time, 0, 0, 0, 0);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* Taking it back will cost as much. */
static void charge(uint64_t took_ns)
{
	if (took_ns < SLOW_NS)
		return;
	ct_budget_use(2 * took_ns);
	__atomic_store_n(&unwatched, (uint32_t)(2 * took_ns / PER_HOLD_NS), __ATOMIC_RELAXED);
}

static bool is_unwatched(void)
{
	uint32_t left = __atomic_load_n(&unwatched, __ATOMIC_RELAXED);

	if (left) /* that two take the same one does no harm */
		__atomic_store_n(&unwatched, left - 1, __ATOMIC_RELAXED);
	return left;
}

static bool arm(struct watch *watch, unsigned number)
{
	struct perf_event_attr *attr = &watch->attr;
	uint64_t begin = processor_time();
	bool done;

	cover(attr, watch->watched.address, watch->watched.what.size);
	attr->bp_type = watch->watched.writes_only ? HW_BREAKPOINT_W : HW_BREAKPOINT_RW;
	attr->sig_data = (uint64_t)watch->generation << NUMBER_BITS | number;
	attr->disabled = 0;
	done = CT_SYS(SYS_ioctl, watch->fd, PERF_EVENT_IOC_MODIFY_ATTRIBUTES, attr, 0, 0, 0) == 0;
	charge(processor_time() - begin);
	return done;
}

static void let_go(struct watch *watch)
{
	__atomic_store_n(&watch->generation, watch->generation + 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&watch->taken, 0, __ATOMIC_RELEASE);
}

static void begin(struct watch *watch, const struct ct_watched *watched)
{
	watch->watched = *watched;
	watch->useless = 0;
	__atomic_store_n(&watch->generation, watch->generation + 1, __ATOMIC_RELEASE);
}

int ct_watch_begin(const struct ct_watched *watched)
{
	if (is_unwatched())
		return -1;
	for (unsigned i = 0; i < CT_WATCHES; i++) {
		if (!watches[i].fd || __atomic_exchange_n(&watches[i].taken, 1, __ATOMIC_ACQUIRE))
			continue;
		begin(&watches[i], watched);
		if (arm(&watches[i], i))
			return (int)i;
		watches[i].fd = 0; /* the program has closed it */
		let_go(&watches[i]);
	}
	return -1;
}

static void disarm(const struct watch *watch)
{
	int fd = __atomic_load_n(&watch->fd, __ATOMIC_RELAXED);

	if (fd)
		CT_SYS(SYS_ioctl, fd, PERF_EVENT_IOC_DISABLE, 0, 0, 0, 0);
}

void ct_watch_end(int number)
{
	if (number < 0)
		return;
	disarm(&watches[number]);
	let_go(&watches[number]);
}

void ct_watch_useless(int number)
{
	struct watch *watch = &watches[number];

	if (__atomic_add_fetch(&watch->useless, 1, __ATOMIC_RELAXED) == USELESS_MAX)
		disarm(watch); /* if it is another's by now, that one is told nothing */
}

/* False: the watch has ended meanwhile. */
static bool copy_watched(const struct watch *watch, uint32_t generation, struct ct_watched *out)
{
	if (__atomic_load_n(&watch->generation, __ATOMIC_ACQUIRE) != generation)
		return false;
	*out = watch->watched;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&watch->generation, __ATOMIC_RELAXED) == generation;
}

enum ct_watch_signal ct_watch_signalled(const siginfo_t *info, struct ct_watched *out,
					int *out_number)
{
	const struct perf_signal *signal = (const void *)info;
	uint64_t number = signal->data & ((1u << NUMBER_BITS) - 1);

	if (info->si_code != TRAP_PERF)
		return CT_WATCH_FOREIGN;
	if (signal->data == TICK_DATA) /* of what type it is depends on the kernel */
		return CT_WATCH_TICK;
	if (signal->type != PERF_TYPE_BREAKPOINT || number >= CT_WATCHES)
		return CT_WATCH_FOREIGN;
	*out_number = (int)number;
	if (signal->flags & SIGNAL_LATE ||
	    !copy_watched(&watches[number], (uint32_t)(signal->data >> NUMBER_BITS), out))
		return CT_WATCH_NOTHING;
	return CT_WATCH_HIT;
}
