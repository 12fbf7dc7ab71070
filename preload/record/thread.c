#include "record/thread.h"

#include <limits.h>
#include <pthread.h>

#include "record/cpu_time.h"
#include "record/defs.h"
#include "record/fork.h"
#include "record/guard.h"
#include "record/process.h"
#include "record/stack.h"
#include "record/traps.h"
#include "sys/kernel.h"

#define MAIN_STACK_MAX ((uint64_t)128 << 20)

extern void *__libc_stack_end; /* set by ld.so: where main's stack begins */

struct ct_recorder ct_recorder_none, ct_recorder_off;
__thread struct ct_recorder *ct_self __attribute__((tls_model("initial-exec"))) = &ct_recorder_none;
void (*ct_thread_first_use)(void);

/* While this thread is on a rare path (depth > 0): a record made from there would find it half
 * done. `frame` is the outermost that began one. */
static __thread struct {
	uint32_t depth;
	uintptr_t frame;
} rare_path __attribute__((tls_model("initial-exec")));

/* Signals are held back meanwhile: a handler may fork, and in the child return to here. */
static uint64_t begin_rare_path(void)
{
	if (rare_path.depth++ == 0)
		rare_path.frame = (uintptr_t)__builtin_frame_address(0);
	return ct_sys_hold_signals();
}

static void end_rare_path(uint64_t signals)
{
	rare_path.depth--; /* first: a handler that runs now may never come back here */
	ct_sys_set_signals(signals);
}

/* glibc keeps the values of the first keys inside the thread: setting one does not allocate. */
#define KEYS_WITHOUT_MALLOC 32u

static pthread_key_t end_key = KEYS_WITHOUT_MALLOC;

/* Destructors of the program's keys and ours run in rounds; being last means asking for another
 * round until there are no more. */
static void key_destructor(void *value)
{
	uintptr_t round = (uintptr_t)value;

	if (round < PTHREAD_DESTRUCTOR_ITERATIONS)
		pthread_setspecific(end_key, (void *)(round + 1));
	else
		ct_thread_end();
}

void ct_thread_init(void)
{
	pthread_key_t key;

	if (pthread_key_create(&key, key_destructor) == 0 && key < KEYS_WITHOUT_MALLOC)
		end_key = key;
}

/* They are held back already, `signals` is the mask from before. */
static void hold_since(struct ct_recorder *r, uint64_t signals)
{
	if (r->holds_signals)
		return;
	r->signals = signals;
	CT_BARRIER();
	r->holds_signals = true;
}

void ct_recorder_hold_signals(struct ct_recorder *r)
{
	if (!r->holds_signals)
		hold_since(r, ct_sys_hold_signals());
}

void ct_recorder_let_signals(struct ct_recorder *r)
{
	r->holds_signals = false;
	CT_BARRIER();
	ct_sys_set_signals(r->signals);
}

static void write_start(struct ct_recorder *r, uint32_t creator)
{
	struct ct_payload_start *p;

	r->begin = ct_clock_now();
	p = (void *)ct_recorder_head(r, r->begin, CT_EV_THREAD_START, 0, 0);
	*p = (struct ct_payload_start){.thread = r->number,
				       .pthread = (uintptr_t)pthread_self(),
				       .stack_low = r->stack_low,
				       .stack_size = r->stack_high - r->stack_low,
				       .creator = creator};
	r->live->pthread = p->pthread;
	ct_recorder_commit(r, sizeof(struct ct_record_head) + sizeof(*p));
}

static bool begin(struct ct_process *process, uint32_t number, uint32_t creator,
		  uintptr_t stack_high, size_t stack_size)
{
	struct ct_recorder *r = ct_lane_claim(process, number);

	if (!r) {
		ct_self = &ct_recorder_off;
		return false;
	}
	r->stack_high = stack_high;
	r->stack_low = stack_high > stack_size ? stack_high - stack_size : 0;
	ct_stack_new_thread(r);
	write_start(r, creator);
	ct_self = r;
	if (end_key < KEYS_WITHOUT_MALLOC)
		pthread_setspecific(end_key, (void *)1);
	return true;
}

bool ct_thread_begin_main(struct ct_process *process, uintptr_t stack_low, uintptr_t stack_high)
{
	uint64_t limit = ct_sys_limit(RLIMIT_STACK);
	uintptr_t high = (uintptr_t)__libc_stack_end, here = (uintptr_t)__builtin_frame_address(0);
	uint32_t number = 1; /* after exec, too: all others are gone */

	if (stack_high)
		return begin(process, number, 0, stack_high, stack_high - stack_low);
	if (limit > MAIN_STACK_MAX)
		limit = MAIN_STACK_MAX;
	if (here > high || high - here > limit) /* forked by another thread than main */
		return begin(process, number, 0, 0, 0);
	return begin(process, number, 0, high, limit);
}

uint32_t ct_thread_number(void)
{
	const struct ct_recorder *r;
	struct ct_process *process;

	if (ct_fork_unnoticed())
		ct_fork_reborn();
	r = ct_self;
	process = r->live ? r->process : ct_state.process;
	return process ? __atomic_add_fetch(&process->slot->threads, 1, __ATOMIC_RELAXED) : 0;
}

/*
 * A signal handler that ran before the first instruction of a thread with this number has made the
 * thread a stranger, with a number that was given later. What it has written becomes the thread's.
 * False: some of it has left the packet.
 */
static bool adopt_stranger(struct ct_recorder *r, uint32_t number, uint32_t creator,
			   uintptr_t stack_high, size_t stack_size)
{
	struct ct_record_head *head = (struct ct_record_head *)(r->packet + 1);
	struct ct_payload_start *p = (struct ct_payload_start *)(head + 1);

	if (head->header.id != CT_EV_THREAD_START || p->thread != r->number)
		return false;
	r->stack_high = stack_high;
	r->stack_low = stack_high > stack_size ? stack_high - stack_size : 0;
	ct_stack_new_thread(r);
	p->stack_low = r->stack_low;
	p->stack_size = r->stack_high - r->stack_low;
	p->creator = creator;
	p->thread = r->packet->context.thread = r->live->thread = r->number = number;
	return true;
}

void ct_thread_begin(uint32_t number, uint32_t creator, uintptr_t stack_high, size_t stack_size)
{
	struct ct_process *process = ct_state.process;
	uint64_t signals;

	/* created before there was a recorder: it may come to one later, as a stranger */
	if (!process || process->closed || !number)
		return;
	signals = ct_sys_hold_signals();
	/* not larger: the handler forked, and this is the first thread of the child */
	if (ct_self->number > number &&
	    !adopt_stranger(ct_self, number, creator, stack_high, stack_size))
		ct_thread_end(); /* writes a record: not on a rare path */
	begin_rare_path();
	if (!ct_self->live)
		begin(process, number, creator, stack_high, stack_size);
	end_rare_path(signals);
}

void ct_thread_name(const char *name)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	size_t i = 0;

	if (!r)
		return;
	for (; name[i] && i + 1 < sizeof(r->live->name); i++)
		r->live->name[i] = name[i];
	r->live->name[i] = '\0';
	ct_recorder_leave(r);
	ct_defs_thread_name(r->process, r->number, name);
}

static struct ct_payload_rusage rusage_of(int who)
{
	struct rusage usage;
	struct ct_payload_rusage unknown;

	if (ct_sys_rusage(who, &usage) < 0) {
		__builtin_memset(&unknown, 0xff, sizeof(unknown));
		return unknown;
	}
	return (struct ct_payload_rusage){
		.user_us = (uint64_t)usage.ru_utime.tv_sec * 1000000u +
			   (uint64_t)usage.ru_utime.tv_usec,
		.system_us = (uint64_t)usage.ru_stime.tv_sec * 1000000u +
			     (uint64_t)usage.ru_stime.tv_usec,
		.voluntary = (uint64_t)usage.ru_nvcsw,
		.involuntary = (uint64_t)usage.ru_nivcsw,
		.minor_faults = (uint64_t)usage.ru_minflt,
		.major_faults = (uint64_t)usage.ru_majflt,
		.max_rss_kb = (uint64_t)usage.ru_maxrss,
	};
}

static void write_rusage(struct ct_recorder *r, uint16_t event, uint64_t object, int who)
{
	struct ct_payload_rusage *p;

	ct_recorder_hold_signals(r);
	p = (void *)ct_recorder_head(r, ct_clock_now(), event, 0, 0);
	*p = rusage_of(who);
	p->object = object;
	ct_recorder_commit(r, sizeof(struct ct_record_head) + sizeof(*p));
}

void ct_thread_end(void)
{
	struct ct_recorder *r = ct_guard_own(ct_self);
	uint64_t signals;

	/* A fork since then has wiped the recorder: the record will start the child's. */
	if (r == &ct_recorder_none || r == &ct_recorder_off)
		return;
	r->busy = 0; /* an asynchronous cancellation may have come amid a record */
	if (ct_accesses)
		ct_accesses->thread_ends();
	r = ct_recorder_enter(CT_SIZE_CPU + CT_SIZE_ANY);
	if (!r)
		return;
	ct_cpu_time_write_own(r);
	write_rusage(r, CT_EV_THREAD_EXIT, r->number, RUSAGE_THREAD);
	begin_rare_path();
	signals = r->signals; /* held until the lane is free */
	r->holds_signals = false;
	ct_recorder_leave(r);
	ct_self = &ct_recorder_off;
	if (!r->process->closed)
		ct_lane_release(r);
	end_rare_path(signals);
}

void ct_thread_end_process(int status)
{
	struct ct_process *process = ct_recorder_process();
	struct ct_recorder *r;

	if (!process || !ct_process_is_own())
		return;
	if (ct_traps)
		ct_traps->ends();
	ct_cpu_time_write_all(process);
	r = ct_recorder_enter(CT_SIZE_ANY);
	if (!r)
		return;
	write_rusage(r, CT_EV_PROCESS_EXIT, (uint64_t)(uint32_t)status, RUSAGE_SELF);
	ct_recorder_leave(r);
}

/* The first record of a thread that was not created through our pthread_create. */
static void begin_stranger(void)
{
	if (ct_state.phase == CT_PHASE_NEW && ct_thread_first_use)
		ct_thread_first_use();
	if (ct_state.phase != CT_PHASE_READY || ct_self != &ct_recorder_none)
		return;	       /* being started: what happens until then is not recorded */
	if (!ct_state.session) /* off for good */
		ct_self = &ct_recorder_off;
	else if (ct_fork_unnoticed())
		ct_fork_reborn();
	else
		ct_thread_begin(ct_thread_number(), 0, 0, 0);
}

static struct ct_recorder *find_room(struct ct_recorder *r, size_t size)
{
	if (r == &ct_recorder_none)
		begin_stranger();
	else if (!r->live)
		ct_fork_reborn();
	else if (!r->process->closed)
		ct_lane_append(r->process, r->lane, true);
	r = ct_guard_own(ct_self);
	return (size_t)(r->end - r->cur) >= size ? r : NULL;
}

/*
 * Whether a frame is gone that began what is still unfinished. A signal handler that came between
 * runs below it. So whoever runs at its place or above has jumped out of such a handler
 * (siglongjmp), as has one who is back on the thread's stack from the alternate one.
 */
static bool is_gone(const struct ct_recorder *r, uintptr_t begun, uintptr_t now)
{
	if (now < r->stack_low || now >= r->stack_high)
		return false;
	if (begun < r->stack_low || begun >= r->stack_high)
		return ct_stack_alternate_below(begun) != SIZE_MAX;
	return now >= begun;
}

/* Whether a signal handler wants to record while its thread is recording. What was left by a jump
 * had not been committed: nothing of it is in the trace. */
static bool interrupts_record(struct ct_recorder *r, uintptr_t frame)
{
	if (r->busy && is_gone(r, r->busy, frame))
		r->busy = 0;
	if (rare_path.depth && is_gone(r, rare_path.frame, frame))
		rare_path.depth = 0;
	return r->busy || rare_path.depth;
}

static bool take_room(struct ct_recorder *r, size_t size, uintptr_t frame)
{
	if ((size_t)(r->end - r->cur) < size)
		return false;
	r->busy = frame;
	CT_BARRIER();
	if ((size_t)(r->end - r->cur) >= size)
		return true;
	r->busy = 0; /* a signal handler came between */
	return false;
}

struct ct_recorder *ct_recorder_room(size_t size, uintptr_t frame)
{
	struct ct_recorder *r = ct_guard_own(ct_self);
	uint64_t signals;

	if (r == &ct_recorder_off)
		return NULL;
	if (interrupts_record(r, frame) || (r->live && r->process->closed)) {
		if (r->live)
			r->live->lost++;
		return NULL;
	}
	/* the stand-in (guard.h) had none, or what was unfinished was gone */
	if (take_room(r, size, frame))
		return r;
	if (ct_stack_is_short(r, frame)) {
		if (r->live)
			r->live->lost++;
		return NULL;
	}
	signals = begin_rare_path();
	r = find_room(r, size);
	if (!r) {
		end_rare_path(signals);
		return NULL;
	}
	r->busy = frame;
	rare_path.depth--;
	hold_since(r, signals);
	return r;
}
