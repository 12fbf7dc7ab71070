#include "record/cpu_time.h"

#include <fcntl.h>

#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define THREADS_MAX 4096u

/* The processor clock of a thread of this process, as clock_gettime(2) knows it: the tid inverted,
 * then 4 for a thread, 2 for the time that the scheduler counts. */
static int clock_of(uint32_t tid)
{
	return (int)(~tid << 3 | 4u | 2u);
}

static bool read_clock(uint32_t tid, struct ct_payload_cpu *out)
{
	struct timespec time = {0, 0};

	if (CT_SYS(SYS_clock_gettime, clock_of(tid), &time, 0, 0, 0, 0) < 0)
		return false;
	out->cpu_ns = (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
	return true;
}

static bool next_number(const char **text, uint64_t *out)
{
	while (**text == ' ')
		++*text;
	return ct_str_u64(text, out);
}

/* Whether a thread has lived so long that reading a file of /proc, which the kernel makes for it
 * then, does not matter: that takes as long as creating the thread. */
static bool is_old(const struct ct_recorder *r)
{
	return ct_clock_now() - r->begin > ct_state.session->frequency / 1000;
}

/* "CPU-NS READY-NS SLICES". The first is not taken: of a thread that runs, the kernel brings it up
 * to date at ticks only, while the thread's clock is exact. Kernels can be built without. */
static void read_schedstat(uint32_t tid, struct ct_payload_cpu *out)
{
	char path[64], text[80];
	const char *at = text;
	uint64_t cpu_ns, ready_ns, slices;
	struct ct_line line;
	long size;
	int fd;

	ct_line_init(&line, path, sizeof(path));
	ct_line_add(&line, "/proc/self/task/");
	ct_line_add_u64(&line, tid);
	ct_line_add(&line, "/schedstat");
	fd = ct_sys_open(path, O_RDONLY, 0);
	if (fd < 0)
		return;
	size = ct_sys_read(fd, text, sizeof(text) - 1);
	ct_sys_close(fd);
	if (size <= 0)
		return;
	text[size] = '\0';
	if (!next_number(&at, &cpu_ns) || !next_number(&at, &ready_ns) ||
	    !next_number(&at, &slices))
		return;
	out->ready_ns = ready_ns;
	out->slices = slices;
}

static void write_one(struct ct_recorder *r, uint32_t number, uint32_t tid, bool schedstat)
{
	struct ct_payload_cpu cpu = {.thread = number, .ready_ns = UINT64_MAX};
	struct ct_payload_cpu *p;

	ct_recorder_hold_signals(r);
	if (!read_clock(tid, &cpu))
		return;
	if (schedstat)
		read_schedstat(tid, &cpu);
	p = (void *)ct_recorder_head(r, ct_clock_now(), CT_EV_THREAD_CPU, 0, 0);
	*p = cpu;
	ct_recorder_commit(r, CT_SIZE_CPU);
}

void ct_cpu_time_write_start(void)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_CPU);

	if (!r)
		return;
	write_one(r, r->number, r->tid, true);
	ct_recorder_leave(r);
}

void ct_cpu_time_write_own(struct ct_recorder *r)
{
	write_one(r, r->number, r->tid, is_old(r));
}

/* Whether a thread has the lane, and which. It may end meanwhile and another one begin: whoever
 * begins writes its tid, its number, then that it runs; numbers do not come twice. */
static bool who_has(const struct ct_lane *lane, uint32_t *out_number, uint32_t *out_tid)
{
	struct ct_live *live = __atomic_load_n(&lane->live, __ATOMIC_ACQUIRE);

	if (!live || __atomic_load_n(&live->state, __ATOMIC_ACQUIRE) != CT_LIVE_RUNNING)
		return false;
	*out_number = __atomic_load_n(&live->thread, __ATOMIC_ACQUIRE);
	*out_tid = __atomic_load_n(&live->tid, __ATOMIC_ACQUIRE);
	return __atomic_load_n(&live->thread, __ATOMIC_ACQUIRE) == *out_number &&
	       __atomic_load_n(&live->state, __ATOMIC_ACQUIRE) == CT_LIVE_RUNNING;
}

void ct_cpu_time_write_all(struct ct_process *process)
{
	uint32_t lanes = __atomic_load_n(&process->lanes, __ATOMIC_ACQUIRE), written = 0;

	for (uint32_t i = 0; i < lanes && i < process->lane_cap && written < THREADS_MAX; i++) {
		uint32_t number, tid;
		struct ct_recorder *r;

		if (!who_has(&process->lane[i], &number, &tid))
			continue;
		r = ct_recorder_enter(CT_SIZE_CPU);
		if (!r)
			return;
		write_one(r, number, tid, true);
		ct_recorder_leave(r);
		written++;
	}
}
