/*
 * System V message queues. A message is recorded as a request before the call, which is the moment
 * of a sending, and a completion after it, the moment of a receipt.
 */
#include "hooks/call.h"
#include "hooks/real.h"
#include "sys/kernel.h"

static uint64_t key(int queue)
{
	return CT_KERNEL_KEY(CT_KERNEL_MSG, (uint32_t)queue);
}

static uint16_t flags_of(int flags)
{
	return flags & IPC_NOWAIT ? CT_F_TRY : 0;
}

CT_EXPORT int msgget(key_t name, int flags)
{
	struct msqid_ds info = {.msg_qbytes = 0};
	int queue = CT_REAL(msgget)(name, flags);

	if (queue < 0) {
		ct_call_failed(CT_EV_MSGGET, 0, 0, errno, CT_CALLER);
		return queue;
	}
	if (CT_SYS(SYS_msgctl, queue, IPC_STAT, &info, 0, 0, 0) < 0)
		info.msg_qbytes = 0;
	ct_call_event(CT_EV_MSGGET, name == IPC_PRIVATE ? CT_F_PRIVATE : 0, key(queue),
		      info.msg_qbytes, CT_CALLER);
	return queue;
}

CT_EXPORT int msgsnd(int queue, const void *message, size_t size, int flags)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	ct_call_request(&call, CT_EV_MSGSND, flags_of(flags), key(queue), size, CT_CALLER);
	result = CT_REAL(msgsnd)(queue, message, size, flags);
	ct_call_complete(&call, ct_errno_of(result));
	return result;
}

CT_EXPORT ssize_t msgrcv(int queue, void *message, size_t size, long type, int flags)
{
	CT_CALL_SCOPE struct ct_call call = {.pending = false};
	ssize_t result;

	if (flags & MSG_COPY) /* takes nothing, and never waits */
		return CT_REAL(msgrcv)(queue, message, size, type, flags);
	ct_call_request(&call, CT_EV_MSGRCV, flags_of(flags), key(queue), (uint64_t)type,
			CT_CALLER);
	result = CT_REAL(msgrcv)(queue, message, size, type, flags);
	ct_call_complete_with(&call, ct_errno_of(result), key(queue), (uint64_t)result);
	return result;
}

CT_EXPORT int msgctl(int queue, int command, struct msqid_ds *info)
{
	int result;

	if (command != IPC_RMID)
		return CT_REAL(msgctl)(queue, command, info);
	ct_call_event(CT_EV_MSGCTL_REMOVE, 0, key(queue), 0, CT_CALLER);
	result = CT_REAL(msgctl)(queue, command, info);
	if (result == -1)
		ct_call_failed(CT_EV_MSGCTL_REMOVE, 0, key(queue), errno, CT_CALLER);
	return result;
}
