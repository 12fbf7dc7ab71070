/* Waiting for children. A call with WNOHANG is no wait: it writes what it reaped, or nothing. */
#include "hooks/call.h"
#include "hooks/real.h"

struct wait {
	struct ct_call call;
	uint64_t object;
	uint16_t event;
	bool waits;
	int word;
	int *status; /* where the real call is to put it: the program's place, or else `word` */
};

static void abandon(struct wait *wait)
{
	ct_call_abandon(&wait->call);
}

#define CT_WAIT_SCOPE __attribute__((cleanup(abandon)))

static void begin(struct wait *wait, uint16_t event, int64_t object, int *status, int options,
		  uintptr_t pc, uintptr_t sp)
{
	wait->call.pending = false;
	wait->object = (uint64_t)object;
	wait->event = event;
	wait->waits = !(options & WNOHANG);
	wait->word = 0;
	wait->status = status ? status : &wait->word;
	if (wait->waits)
		ct_call_request(&wait->call, event, 0, wait->object, (uint32_t)options, pc, sp);
}

/* result: the pid, 0 if there is none, -1 with errno set. Gives it back. */
static pid_t end(struct wait *wait, pid_t result, uintptr_t pc, uintptr_t sp)
{
	uint32_t status = result > 0 ? (uint32_t)*wait->status : 0;
	int saved = errno;

	if (wait->waits && result > 0)
		ct_call_complete_with(&wait->call, 0, (uint64_t)result, status);
	else if (wait->waits)
		ct_call_complete(&wait->call, saved);
	else if (result > 0)
		ct_call_event(wait->event, CT_F_TRY, (uint64_t)result, status, pc, sp);
	else if (result < 0)
		ct_call_failed(wait->event, CT_F_TRY, wait->object, saved, pc, sp);
	errno = saved;
	return result;
}

CT_EXPORT pid_t wait(int *status)
{
	CT_WAIT_SCOPE struct wait w;

	begin(&w, CT_EV_WAIT, -1, status, 0, CT_CALLER);
	return end(&w, CT_REAL(wait)(w.status), CT_CALLER);
}

CT_EXPORT __typeof__(wait) __wait __attribute__((alias("wait")));

CT_EXPORT pid_t waitpid(pid_t pid, int *status, int options)
{
	CT_WAIT_SCOPE struct wait w;

	begin(&w, CT_EV_WAITPID, pid, status, options, CT_CALLER);
	return end(&w, CT_REAL(waitpid)(pid, w.status, options), CT_CALLER);
}

CT_EXPORT __typeof__(waitpid) __waitpid __attribute__((alias("waitpid")));

CT_EXPORT pid_t wait3(int *status, int options, struct rusage *usage)
{
	CT_WAIT_SCOPE struct wait w;

	begin(&w, CT_EV_WAIT3, -1, status, options, CT_CALLER);
	return end(&w, CT_REAL(wait3)(w.status, options, usage), CT_CALLER);
}

CT_EXPORT pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	CT_WAIT_SCOPE struct wait w;

	begin(&w, CT_EV_WAIT4, pid, status, options, CT_CALLER);
	return end(&w, CT_REAL(wait4)(pid, w.status, options, usage), CT_CALLER);
}

/* The argument of waitpid that waits for the same; -1, any child, for a descriptor of a process. */
static int64_t pid_argument(idtype_t type, id_t id)
{
	if (type == P_PID)
		return (int64_t)id;
	return type == P_PGID ? -(int64_t)id : -1;
}

static int status_word(const siginfo_t *info)
{
	switch (info->si_code) {
	case CLD_EXITED:
		return W_EXITCODE(info->si_status & 0xff, 0);
	case CLD_KILLED:
		return info->si_status;
	case CLD_DUMPED:
		return info->si_status | WCOREFLAG;
	case CLD_CONTINUED:
		return __W_CONTINUED;
	default:
		return W_STOPCODE(info->si_status);
	}
}

CT_EXPORT int waitid(idtype_t type, id_t id, siginfo_t *info, int options)
{
	CT_WAIT_SCOPE struct wait w;
	siginfo_t unasked = {.si_pid = 0}, *at = info ? info : &unasked;
	int result;

	begin(&w, CT_EV_WAITID, pid_argument(type, id), NULL, options, CT_CALLER);
	result = CT_REAL(waitid)(type, id, at, options);
	if (result == 0)
		w.word = status_word(at);
	end(&w, result == 0 ? at->si_pid : -1, CT_CALLER);
	return result;
}
