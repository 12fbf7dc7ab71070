/* Threads, POSIX's and C11's: creation, with the child's first instruction; barriers, which need
 * more. */
#include "hooks/c11.h"
#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "record/defs.h"
#include "record/process.h"
#include "record/thread.h"
#include "record/traps.h"
#include "sys/kernel.h"

#define STARTS 256u

/* What a new thread is to run; taken from a fixed pool, since the recorder does not allocate. */
struct start {
	uint32_t used, number, creator;
	bool blocks_sigtrap; /* sigtrap.h */
	size_t stack_size;
	union {
		void *(*posix)(void *);
		thrd_start_t c11;
	} routine;
	void *arg;
};

static struct start starts[STARTS];

static struct start *take_start(void)
{
	for (uint32_t i = 0; i < STARTS; i++) {
		uint32_t expected = 0;

		if (__atomic_compare_exchange_n(&starts[i].used, &expected, 1, false,
						__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			return &starts[i];
	}
	return ct_sys_map(-1, sizeof(struct start));
}

static void give_start(struct start *start)
{
	if (start >= starts && start < starts + STARTS)
		__atomic_store_n(&start->used, 0, __ATOMIC_RELEASE);
	else
		ct_sys_unmap(start, sizeof(*start));
}

/* In the new thread, whose stack ends at `stack_high`. */
static struct start begin(struct start *given, uintptr_t stack_high)
{
	struct start start = *given;

	if (ct_sigtrap_ours())
		ct_sigtrap_thread_begins(start.blocks_sigtrap);
	ct_thread_begin(start.number, start.creator, stack_high, start.stack_size);
	give_start(given);
	return start;
}

static void *run_posix(void *context)
{
	struct start start = begin(context, (uintptr_t)__builtin_dwarf_cfa());

	return start.routine.posix(start.arg);
}

static int run_c11(void *context)
{
	struct start start = begin(context, (uintptr_t)__builtin_dwarf_cfa());

	return start.routine.c11(start.arg);
}

static size_t stack_size_of(const pthread_attr_t *attributes)
{
	static const pthread_attr_t defaults; /* a size of 0 is read as that of the process */
	size_t size = 0;

	pthread_attr_getstacksize(attributes ? attributes : &defaults, &size);
	return size;
}

/* CT_F_DETACHED, or 0: nobody is to join the thread. */
static uint16_t flags_of(const pthread_attr_t *attributes)
{
	int state = PTHREAD_CREATE_JOINABLE;

	if (attributes)
		pthread_attr_getdetachstate(attributes, &state);
	return state == PTHREAD_CREATE_DETACHED ? CT_F_DETACHED : 0;
}

/* Before a thread is created. NULL: it cannot be followed, and comes to the recorder as a stranger.
 */
static struct start *announce(uint16_t event, const pthread_attr_t *attributes, uintptr_t routine,
			      void *arg, uintptr_t pc, uintptr_t sp)
{
	struct start *start;

	if (CT_UNLIKELY(ct_traps != NULL))
		ct_traps->company(false);
	start = take_start();
	if (!start)
		return NULL;
	start->arg = arg;
	start->stack_size = stack_size_of(attributes);
	if (ct_sigtrap_ours())
		start->blocks_sigtrap = ct_sigtrap_inherited(attributes);
	start->number = ct_thread_number();
	ct_sync(event, start->number, pc, sp);
	ct_call_event(event, flags_of(attributes), start->number, routine, pc, sp);
	start->creator = ct_self->number; /* the event may have given a stranger its number */
	return start;
}

static void withdraw(struct start *start, uint16_t event, int error, uintptr_t pc, uintptr_t sp)
{
	ct_call_failed(event, 0, start->number, error, pc, sp);
	give_start(start);
}

CT_EXPORT int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*routine)(void *),
			     void *arg)
{
	struct start *start = announce(CT_EV_THREAD_CREATE, a, (uintptr_t)routine, arg, CT_CALLER);
	bool shut, outer;
	int error;

	if (!start)
		return CT_REAL(pthread_create)(t, a, routine, arg);
	start->routine.posix = routine;
	shut = start->blocks_sigtrap;
	outer = shut && ct_sigtrap_shut();
	error = CT_REAL(pthread_create)(t, a, run_posix, start);
	if (shut)
		ct_sigtrap_open(outer);
	if (error)
		withdraw(start, CT_EV_THREAD_CREATE, error, CT_CALLER);
	return error;
}

CT_EXPORT int thrd_create(thrd_t *t, thrd_start_t routine, void *arg)
{
	struct start *start = announce(CT_EV_THRD_CREATE, NULL, (uintptr_t)routine, arg, CT_CALLER);
	bool shut, outer;
	int result;

	if (!start)
		return CT_REAL(thrd_create)(t, routine, arg);
	start->routine.c11 = routine;
	shut = start->blocks_sigtrap;
	outer = shut && ct_sigtrap_shut();
	result = CT_REAL(thrd_create)(t, run_c11, start);
	if (shut)
		ct_sigtrap_open(outer);
	if (result)
		withdraw(start, CT_EV_THRD_CREATE, ct_thrd_error(result), CT_CALLER);
	return result;
}

CT_EXPORT void pthread_exit(void *value)
{
	ct_call_event(CT_EV_THREAD_EXIT_CALL, 0, (uintptr_t)value, 0, CT_CALLER);
	CT_REAL(pthread_exit)(value);
	__builtin_unreachable();
}

CT_EXPORT void thrd_exit(int value)
{
	ct_call_event(CT_EV_THRD_EXIT, 0, (unsigned)value, 0, CT_CALLER);
	CT_REAL(thrd_exit)(value);
	__builtin_unreachable();
}

CT_EXPORT int pthread_barrier_wait(pthread_barrier_t *b)
{
	struct ct_call call;
	int result;

	ct_call_request(&call, CT_EV_BARRIER_WAIT, 0, (uintptr_t)b, 0, CT_CALLER);
	result = CT_REAL(pthread_barrier_wait)(b);
	if (result == PTHREAD_BARRIER_SERIAL_THREAD)
		call.flags |= CT_F_SERIAL;
	ct_call_complete(&call, result == PTHREAD_BARRIER_SERIAL_THREAD ? 0 : result);
	return result;
}

CT_EXPORT int pthread_setname_np(pthread_t t, const char *name)
{
	int saved = errno, error = CT_REAL(pthread_setname_np)(t, name);

	if (!error && pthread_equal(t, pthread_self()))
		ct_thread_name(name);
	errno = saved;
	return error;
}
