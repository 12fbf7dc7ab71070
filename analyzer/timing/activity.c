/* What a thread does, in words, and what the model's waits are. */
#include "timing/span.h"

static const struct {
	const char *name;
	enum ct_bound bound;
} activities[CT_ACTIVITIES] = {
	[CT_RUNS] = {"running", CT_BOUND_CPU},
	[CT_WAITS_LOCK] = {"lock", CT_BOUND_OTHERS},
	[CT_WAITS_CONDITION] = {"condition", CT_BOUND_OTHERS},
	[CT_WAITS_SEMAPHORE] = {"semaphore", CT_BOUND_OTHERS},
	[CT_WAITS_BARRIER] = {"barrier", CT_BOUND_OTHERS},
	[CT_WAITS_JOIN] = {"join", CT_BOUND_OTHERS},
	[CT_WAITS_CHILD] = {"child", CT_BOUND_OTHERS},
	[CT_WAITS_PIPE] = {"pipe", CT_BOUND_IO},
	[CT_WAITS_SOCKET] = {"socket", CT_BOUND_IO},
	[CT_WAITS_MESSAGE] = {"message", CT_BOUND_IO},
	[CT_WAITS_POLL] = {"poll", CT_BOUND_IO},
	[CT_SLEEPS] = {"sleep", CT_BOUND_IO},
	[CT_WAITS_SIGNAL] = {"signal", CT_BOUND_IO},
	[CT_WAITS_FILE_LOCK] = {"file lock", CT_BOUND_OTHERS},
	[CT_WAITS_INTERPRETER] = {"interpreter lock", CT_BOUND_OTHERS},
	[CT_WAITS_OTHER] = {"other", CT_BOUND_OTHERS},
};

const char *ct_activity_name(enum ct_activity activity)
{
	return activities[activity].name;
}

enum ct_bound ct_activity_bound(enum ct_activity activity)
{
	return activities[activity].bound;
}

const char *ct_bound_name(enum ct_bound bound)
{
	static const char *const names[] = {
		[CT_BOUND_CPU] = "CPU-bound",
		[CT_BOUND_IO] = "I/O-bound",
		[CT_BOUND_OTHERS] = "waits for others",
		[CT_BOUND_MIXED] = "mixed",
		[CT_BOUND_UNKNOWN] = NULL,
	};

	return names[bound];
}

/* Of a read or write: what it is for says its object. */
static enum ct_activity transfer(const struct ct_object *object)
{
	if (!object)
		return CT_WAITS_OTHER;
	switch (object->kind) {
	case CT_OBJECT_PIPE:
		return CT_WAITS_PIPE;
	case CT_OBJECT_SOCKET:
		return CT_WAITS_SOCKET;
	case CT_OBJECT_EVENTFD:
	case CT_OBJECT_SYSV_MSG:
	case CT_OBJECT_MQ:
		return CT_WAITS_MESSAGE;
	case CT_OBJECT_EPOLL:
		return CT_WAITS_POLL;
	case CT_OBJECT_TIMERFD:
		return CT_SLEEPS;
	case CT_OBJECT_SIGNALFD:
		return CT_WAITS_SIGNAL;
	default:
		return CT_WAITS_OTHER;
	}
}

enum ct_activity ct_activity_of(const struct ct_wait *wait)
{
	switch (wait->kind) {
	case CT_WAIT_NONE:
		return CT_RUNS;
	case CT_WAIT_LOCK:
		return CT_WAITS_LOCK;
	case CT_WAIT_COND:
		return CT_WAITS_CONDITION;
	case CT_WAIT_SEM:
		return CT_WAITS_SEMAPHORE;
	case CT_WAIT_BARRIER:
		return CT_WAITS_BARRIER;
	case CT_WAIT_JOIN:
		return CT_WAITS_JOIN;
	case CT_WAIT_CHILD:
		return CT_WAITS_CHILD;
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
		return transfer(wait->object);
	case CT_WAIT_FILE_LOCK:
		return CT_WAITS_FILE_LOCK;
	case CT_WAIT_ACCEPT:
	case CT_WAIT_CONNECT:
		return CT_WAITS_SOCKET;
	case CT_WAIT_POLL:
		return CT_WAITS_POLL;
	case CT_WAIT_SLEEP:
		return CT_SLEEPS;
	case CT_WAIT_SIGNAL:
		return CT_WAITS_SIGNAL;
	case CT_WAIT_ONCE:
	case CT_WAIT_FUTEX:
	case CT_WAIT_DESTROY:
	case CT_WAIT_NAMED:
		break;
	}
	return CT_WAITS_OTHER;
}
