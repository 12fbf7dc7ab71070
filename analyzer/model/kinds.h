#ifndef CT_MODEL_KINDS_H
#define CT_MODEL_KINDS_H
/* What kinds of sync objects there are, and of waits for them. */
#include <stdbool.h>

enum ct_object_kind {
	/* locks: what can be held */
	CT_OBJECT_MUTEX,
	CT_OBJECT_RWLOCK,
	CT_OBJECT_SPIN,
	CT_OBJECT_USER_LOCK, /* the program's own, which it tells by conctrace.h */
	/* others that are known by an address */
	CT_OBJECT_COND,
	CT_OBJECT_BARRIER,
	CT_OBJECT_SEM,
	CT_OBJECT_ONCE,
	CT_OBJECT_FUTEX, /* a word of a lock that is not libc's */
	CT_OBJECT_ORDER, /* what happens_before and happens_after name */
	/* the kernel's, known by a key (ct_payload.h) in all processes */
	CT_OBJECT_PIPE,
	CT_OBJECT_SOCKET,
	CT_OBJECT_EVENTFD,
	CT_OBJECT_EPOLL,
	CT_OBJECT_TIMERFD,
	CT_OBJECT_SIGNALFD,
	CT_OBJECT_SYSV_SET, /* of semaphores */
	CT_OBJECT_SYSV_SEM, /* one of a set */
	CT_OBJECT_SYSV_MSG,
	CT_OBJECT_MQ,
	CT_OBJECT_FILE,
	CT_OBJECT_KINDS,
};

static inline bool ct_kind_is_lock(enum ct_object_kind kind)
{
	return kind <= CT_OBJECT_USER_LOCK;
}

static inline bool ct_kind_is_kernel(enum ct_object_kind kind)
{
	return kind >= CT_OBJECT_PIPE;
}

enum ct_mode { CT_MODE_SHARED, CT_MODE_EXCLUSIVE };

enum ct_wait_kind {
	CT_WAIT_NONE,
	CT_WAIT_LOCK, /* for object, wanted in mode */
	CT_WAIT_COND,
	CT_WAIT_SEM, /* of either family */
	CT_WAIT_BARRIER,
	CT_WAIT_ONCE,
	CT_WAIT_JOIN,	   /* for thread */
	CT_WAIT_CHILD,	   /* for process, or any child if NULL */
	CT_WAIT_READ,	   /* for data, a message, a count or the end of file on object */
	CT_WAIT_WRITE,	   /* for room on object */
	CT_WAIT_FILE_LOCK, /* for the bytes `file` of object */
	CT_WAIT_ACCEPT,
	CT_WAIT_CONNECT,
	CT_WAIT_POLL,  /* for any of objects */
	CT_WAIT_SLEEP, /* for time to pass */
	CT_WAIT_SIGNAL,
	CT_WAIT_FUTEX,
	CT_WAIT_DESTROY, /* for those to leave who wait on object: a condition, a barrier */
	CT_WAIT_NAMED,	 /* STD only: any of `helpers` could end it */
};

/* Waits that nobody owns: whoever reaches the object could end them. */
static inline bool ct_kind_is_helped(enum ct_wait_kind kind)
{
	return kind == CT_WAIT_COND || kind == CT_WAIT_SEM || kind == CT_WAIT_BARRIER ||
	       kind == CT_WAIT_READ || kind == CT_WAIT_WRITE;
}

#endif
