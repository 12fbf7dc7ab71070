/*
 * Initialisations that run once. Their end is recorded before libc lets those go on who wait for
 * it: whatever they do is then after it. So libc is given a routine of ours, which calls the
 * program's and completes the request of whoever runs it. All others complete theirs when libc
 * returns.
 */
#include "hooks/call.h"
#include "hooks/real.h"
#include "record/accesses.h"

/* A call of one thread, in the frame of its hook. One that is jumped out of stays the innermost; it
 * is not looked at again, since the next one takes its place before libc is called. */
struct once {
	struct ct_call call;
	void (*init)(void);
	struct once
		*outer; /* an initialisation that this one is made in, or a signal interrupted */
};

static __thread struct once *innermost __attribute__((tls_model("initial-exec")));

#define ONCE_SCOPE __attribute__((cleanup(leave)))

static void enter(struct once *once, uint16_t event, const void *control, void (*init)(void),
		  uintptr_t pc, uintptr_t sp)
{
	once->init = init;
	once->outer = innermost;
	ct_call_request(&once->call, event, 0, (uintptr_t)control, 0, pc, sp);
	CT_BARRIER();
	innermost = once;
}

static void leave(struct once *once)
{
	innermost = once->outer;
	ct_call_abandon(&once->call);
}

/* Whoever is past an initialisation, or runs it after another has failed, may use what was done
 * there: of interest only for races. */
static inline void note(uint16_t event, uint64_t control, uintptr_t pc, uintptr_t sp)
{
	if (CT_UNLIKELY(ct_accesses != NULL))
		ct_call_event(event, 0, control, 0, pc, sp);
}

static void fail(struct once **once)
{
	ct_call_abandon(&(*once)->call);
}

/* Of who unwinds it, too, the record stands before libc lets the next one try. */
static void run_init(void)
{
	__attribute__((cleanup(fail))) struct once *once = innermost;

	note(once->call.event, once->call.object, CT_CALLER);
	once->init();
	ct_call_complete(&once->call, 0);
}

/* Of who did not run the initialisation, but came too early to find it over. */
static void has_waited(struct once *once, int error)
{
	if (once->call.pending)
		ct_call_complete(&once->call, error);
}

/* glibc's once control: bit 1 set means that the initialisation is over. */
static bool is_over(const void *control)
{
	return __atomic_load_n((const int *)control, __ATOMIC_ACQUIRE) & 2;
}

static __attribute__((noinline)) int posix_once(pthread_once_t *o, void (*init)(void), uintptr_t pc,
						uintptr_t sp)
{
	ONCE_SCOPE struct once once;
	int error;

	enter(&once, CT_EV_ONCE, o, init, pc, sp);
	error = CT_REAL(pthread_once)(o, run_init);
	has_waited(&once, error);
	return error;
}

CT_EXPORT int pthread_once(pthread_once_t *o, void (*init)(void))
{
	int error;

	if (!is_over(o))
		return posix_once(o, init, CT_CALLER);
	error = CT_REAL(pthread_once)(o, init);
	note(CT_EV_ONCE, (uintptr_t)o, CT_CALLER);
	return error;
}

/* What programs linked to an old glibc may ask for. */
CT_EXPORT __typeof__(pthread_once) __pthread_once __attribute__((alias("pthread_once")));

static __attribute__((noinline)) void c11_once(once_flag *o, void (*init)(void), uintptr_t pc,
					       uintptr_t sp)
{
	ONCE_SCOPE struct once once;

	enter(&once, CT_EV_CALL_ONCE, o, init, pc, sp);
	CT_REAL(call_once)(o, run_init);
	has_waited(&once, 0);
}

CT_EXPORT void call_once(once_flag *o, void (*init)(void))
{
	if (!is_over(o)) {
		c11_once(o, init, CT_CALLER);
		return;
	}
	CT_REAL(call_once)(o, init);
	note(CT_EV_CALL_ONCE, (uintptr_t)o, CT_CALLER);
}
