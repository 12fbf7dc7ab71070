/*
 * POSIX message queues. On Linux their descriptors are file descriptors, and are tracked as such;
 * the object of the events is the queue's inode. A message is recorded as a request before the
 * call, which is the moment of a sending, and a completion after it, the moment of a receipt.
 */
#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/real.h"
#include "record/defs.h"

/* Declared where _FORTIFY_SOURCE is set only. */
mqd_t __mq_open_2(const char *name, int flags);

static void opened(mqd_t queue, const char *name, int flags, uintptr_t pc, uintptr_t sp)
{
	struct ct_process *process = ct_recorder_process();
	int saved = errno;
	struct ct_fd end;

	if (!process)
		return;
	end.object = CT_KERNEL_KEY(CT_KERNEL_MQ, ct_fd_inode(queue));
	end.access = (uint8_t)(((flags & O_ACCMODE) + 1) & 3);
	ct_defs_object_name(process, (const void *)(uintptr_t)end.object, name);
	ct_fd_made(queue, end, pc, sp);
	errno = saved;
}

CT_EXPORT mqd_t mq_open(const char *name, int flags, ...)
{
	mqd_t queue;

	if (flags & O_CREAT) {
		va_list list;

		va_start(list, flags);
		mode_t mode = va_arg(list, mode_t);
		struct mq_attr *attributes = va_arg(list, struct mq_attr *);

		va_end(list);
		queue = CT_REAL(mq_open)(name, flags, mode, attributes);
	} else {
		queue = CT_REAL(mq_open)(name, flags);
	}
	if (queue >= 0)
		opened(queue, name, flags, CT_CALLER);
	return queue;
}

CT_EXPORT mqd_t __mq_open_2(const char *name, int flags)
{
	mqd_t queue = CT_REAL(__mq_open_2)(name, flags);

	if (queue >= 0)
		opened(queue, name, flags, CT_CALLER);
	return queue;
}

CT_EXPORT int mq_close(mqd_t queue)
{
	struct ct_fd before = ct_fd_closing(queue, CT_CALLER);
	int result = CT_REAL(mq_close)(queue);

	if (result && before.access) /* it was gone */
		ct_call_failed(CT_EV_FD_CLOSE, 0, before.object, errno, CT_CALLER);
	return result;
}

/* A request's argument is the size that the call names; a completion's what was moved. */
#define MESSAGE(EVENT, result_type, name, params, args, flags, moved)                              \
	static __attribute__((noinline))                                                           \
	result_type name##_tracked(uintptr_t pc, uintptr_t sp, CT_INSIDE params)                   \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		uint64_t object = ct_fd_get(queue).object;                                         \
		result_type result;                                                                \
		ct_call_request(&call, CT_EV_##EVENT, flags, object, size, pc, sp);                \
		result = CT_REAL(name)(CT_INSIDE args);                                            \
		ct_call_complete_with(&call, ct_errno_of(result), object, (uint64_t)(moved));      \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT result_type name params                                                          \
	{                                                                                          \
		if (CT_LIKELY(ct_fd_tracked(queue)))                                               \
			return name##_tracked(CT_CALLER, CT_INSIDE args);                          \
		return CT_REAL(name)(CT_INSIDE args);                                              \
	}

MESSAGE(MQ_SEND, int, mq_send, (mqd_t queue, const char *message, size_t size, unsigned priority),
	(queue, message, size, priority), 0, size)
MESSAGE(MQ_SEND, int, mq_timedsend,
	(mqd_t queue, const char *message, size_t size, unsigned priority,
	 const struct timespec *limit),
	(queue, message, size, priority, limit), CT_F_TIMED, size)
MESSAGE(MQ_RECEIVE, ssize_t, mq_receive,
	(mqd_t queue, char *message, size_t size, unsigned *priority),
	(queue, message, size, priority), 0, result)
MESSAGE(MQ_RECEIVE, ssize_t, mq_timedreceive,
	(mqd_t queue, char *message, size_t size, unsigned *priority, const struct timespec *limit),
	(queue, message, size, priority, limit), CT_F_TIMED, result)
#undef MESSAGE

CT_EXPORT int mq_notify(mqd_t queue, const struct sigevent *how)
{
	int result = CT_REAL(mq_notify)(queue, how);
	uint64_t object;

	if (!ct_fd_tracked(queue))
		return result;
	object = ct_fd_get(queue).object;
	if (result)
		ct_call_failed(CT_EV_MQ_NOTIFY, 0, object, errno, CT_CALLER);
	else
		ct_call_event(CT_EV_MQ_NOTIFY, 0, object, how != NULL, CT_CALLER);
	return result;
}
