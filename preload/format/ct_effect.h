#ifndef CT_FORMAT_CT_EFFECT_H
#define CT_FORMAT_CT_EFFECT_H
/*
 * The EFFECT column of events.def. It is no part of the trace: both halves know it of an event's
 * id.
 */

#include <stdbool.h>

/* What an event does to the model's state; detectors see these and never event ids. */
enum ct_effect {
	CT_EFFECT_NOTE,		  /* nothing but itself */
	CT_EFFECT_HELD_SET,	  /* states the held locks */
	CT_EFFECT_FAILURE,	  /* the call it names did nothing */
	CT_EFFECT_MEMORY_FREED,	  /* objects in a range end */
	CT_EFFECT_INIT,		  /* an object begins */
	CT_EFFECT_OPEN,		  /* an object that may exist already is named here */
	CT_EFFECT_DESTROY,	  /* an object ends */
	CT_EFFECT_ACQUIRE,	  /* exclusive */
	CT_EFFECT_ACQUIRE_SHARED, /* shared */
	CT_EFFECT_RELEASE,	  /* of either */
	CT_EFFECT_WAIT,		  /* release of arg and park on object, then acquire of arg */
	CT_EFFECT_SIGNAL,
	CT_EFFECT_BROADCAST,
	CT_EFFECT_SEM_WAIT,
	CT_EFFECT_SEM_POST,
	CT_EFFECT_BARRIER,
	CT_EFFECT_ONCE,
	CT_EFFECT_THREAD_CREATE,
	CT_EFFECT_THREAD_START,
	CT_EFFECT_THREAD_EXIT,
	CT_EFFECT_THREAD_JOIN,
	CT_EFFECT_THREAD_DETACH,
	CT_EFFECT_THREAD_CANCEL,
	CT_EFFECT_FORK,
	CT_EFFECT_SYSTEM,
	CT_EFFECT_EXEC,
	CT_EFFECT_PROCESS_EXIT,
	CT_EFFECT_PROCESS_WAIT,
	CT_EFFECT_FD_OPEN,
	CT_EFFECT_FD_CLOSE,
	CT_EFFECT_FD_PAIR,
	CT_EFFECT_FD_SEND, /* another process may get a descriptor of it */
	CT_EFFECT_READ,
	CT_EFFECT_WRITE,
	CT_EFFECT_SEM_OP,	   /* several semaphores at once */
	CT_EFFECT_SEM_SET,	   /* a semaphore gets a value */
	CT_EFFECT_MESSAGE_SEND,	   /* one message */
	CT_EFFECT_MESSAGE_RECEIVE, /* one message */
	CT_EFFECT_COUNTER_INIT,
	CT_EFFECT_COUNTER_ADD,	/* arg to a counter of the kernel's */
	CT_EFFECT_COUNTER_TAKE, /* arg from it; waits while it is 0 */
	CT_EFFECT_FILE_LOCK,	/* its payload says which way */
	CT_EFFECT_LISTEN,
	CT_EFFECT_CONNECT,
	CT_EFFECT_ACCEPT,
	CT_EFFECT_POLL,	    /* waits for any of several */
	CT_EFFECT_POLL_SET, /* changes what an epoll waits for */
	CT_EFFECT_SLEEP,    /* ends by itself */
	CT_EFFECT_TIMER_ARM,
	CT_EFFECT_SIGNAL_WAIT, /* a Unix signal; not of a condition variable */
	CT_EFFECT_SIGNAL_SEND,
	CT_EFFECT_HANDLER_ENTER,
	CT_EFFECT_HANDLER_LEAVE,
	CT_EFFECT_FUTEX_WAIT,
	CT_EFFECT_FUTEX_WAKE,
	CT_EFFECT_ORDER_RELEASE, /* the program says so */
	CT_EFFECT_ORDER_ACQUIRE,
	CT_EFFECT_IGNORE_BEGIN,
	CT_EFFECT_IGNORE_END,
	CT_EFFECT_ACCESS_READ,
	CT_EFFECT_ACCESS_WRITE,
	CT_EFFECT_ACCESSES, /* a list of them */
	CT_EFFECT_ATOMIC_LOAD,
	CT_EFFECT_ATOMIC_STORE,
	CT_EFFECT_ATOMIC_RMW,
	CT_EFFECT_FENCE,
	CT_EFFECT_ACCESSES_SKIPPED,
	CT_EFFECT_CAUGHT,	    /* one of two accesses that came at once */
	CT_EFFECT_TRAPS,	    /* what was done to catch them */
	CT_EFFECT_MEMORY_ALLOCATED, /* what lay in a range before has ended */
};

/* Whether a call waits for what somebody owns: it stays as long as that one does, whatever others
 * do. A condition wait does while its mutex is held, a once-initialisation until its runner is
 * back.
 */
static inline bool ct_effect_is_owned(enum ct_effect effect)
{
	switch (effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_WAIT:
	case CT_EFFECT_ONCE:
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_FILE_LOCK:
		return true;
	default:
		return false;
	}
}

#endif
