/* Threads: creation, with the child's first instruction; barriers and once, which need more. */
#include "hooks/call.h"
#include "hooks/real.h"
#include "record/defs.h"
#include "record/process.h"
#include "record/thread.h"
#include "sys/kernel.h"

#define STARTS 256u

/* What a new thread is to run; taken from a fixed pool, since the recorder does not allocate. */
struct start {
	uint32_t used, number, creator;
	size_t stack_size;
	void *(*start)(void *);
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

static void *run(void *context)
{
	struct start start = *(struct start *)context;

	ct_thread_begin(start.number, start.creator, (uintptr_t)__builtin_dwarf_cfa(),
			start.stack_size);
	give_start(context);
	return start.start(start.arg);
}

static size_t stack_size_of(const pthread_attr_t *attributes)
{
	uint64_t limit = ct_sys_limit(RLIMIT_STACK);
	size_t size = 0;

	if (attributes && pthread_attr_getstacksize(attributes, &size) == 0 && size)
		return size;
	return limit == RLIM_INFINITY ? (size_t)2 << 20 : limit;
}

CT_EXPORT int pthread_create(pthread_t *t, const pthread_attr_t *a, void *(*routine)(void *),
			     void *arg)
{
	struct start *start = take_start();
	int error;

	if (!start)
		return CT_REAL(pthread_create)(t, a, routine, arg);
	start->start = routine;
	start->arg = arg;
	start->stack_size = stack_size_of(a);
	start->number = ct_thread_number();
	ct_call_event(CT_EV_THREAD_CREATE, 0, start->number, (uintptr_t)routine, CT_CALLER);
	start->creator = ct_self->number; /* the event may have given a stranger its number */
	error = CT_REAL(pthread_create)(t, a, run, start);
	if (error) {
		ct_call_failed(CT_EV_THREAD_CREATE, 0, start->number, error, CT_CALLER);
		give_start(start);
	}
	return error;
}

CT_EXPORT void pthread_exit(void *value)
{
	ct_call_event(CT_EV_THREAD_EXIT_CALL, 0, (uintptr_t)value, 0, CT_CALLER);
	CT_REAL(pthread_exit)(value);
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

/* glibc's once control: bit 1 set means that the initialisation is over. */
CT_EXPORT int pthread_once(pthread_once_t *o, void (*init)(void))
{
	CT_CALL_SCOPE struct ct_call call = {.pending = false};
	int error;

	if (__atomic_load_n(o, __ATOMIC_ACQUIRE) & 2)
		return CT_REAL(pthread_once)(o, init);
	ct_call_request(&call, CT_EV_ONCE, 0, (uintptr_t)o, 0, CT_CALLER);
	error = CT_REAL(pthread_once)(o, init);
	ct_call_complete(&call, error);
	return error;
}

static void name_self(const char *name)
{
	struct ct_recorder *r = ct_self;
	size_t i = 0;

	if (!r->live)
		return;
	for (; name[i] && i + 1 < sizeof(r->live->name); i++)
		r->live->name[i] = name[i];
	r->live->name[i] = '\0';
	ct_defs_thread_name(r->process, r->number, r->live->name);
}

CT_EXPORT int pthread_setname_np(pthread_t t, const char *name)
{
	int saved = errno, error = CT_REAL(pthread_setname_np)(t, name);

	if (!error && pthread_equal(t, pthread_self()))
		name_self(name);
	errno = saved;
	return error;
}
