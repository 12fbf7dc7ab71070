/*
 * System V semaphores. A semop does all operations of its list at once or none of them. What only
 * adds is a release: one record before the call. What only takes (or waits for zero) is an
 * acquisition: one record after the call if it need not wait, which a try with IPC_NOWAIT tells;
 * the kernel begins every semop with such a try. What does both has a request before the call and
 * a completion after it.
 */
#include "hooks/call.h"
#include "hooks/readable.h"
#include "hooks/real.h"
#include "sys/kernel.h"

#define OPS_MAX 500u /* the kernel's own limit, unless its administrator raised it */
#define TRY_MAX 16u  /* longer lists are not tried */

/* Payload of a SEMOP. sembuf and ct_sem_op are the same bytes. */
struct CT_PACKED list {
	struct ct_payload_sem_ops head;
	struct ct_sem_op ops[];
};
#define LIST_SIZE(count) (sizeof(struct list) + (count) * sizeof(struct ct_sem_op))
_Static_assert(sizeof(struct ct_sem_op) == sizeof(struct sembuf), "one is copied to the other");

struct semop_call {
	int set;
	struct sembuf *ops;
	size_t count;
	bool timed;
	const struct timespec *limit;
};

static uint64_t key(int set, unsigned number)
{
	return CT_KERNEL_KEY(CT_KERNEL_SEM, (uint64_t)(uint32_t)set << 16 | (uint16_t)number);
}

static int real_semop(const struct semop_call *c, struct sembuf *ops)
{
	return c->timed ? CT_REAL(semtimedop)(c->set, ops, c->count, c->limit)
			: CT_REAL(semop)(c->set, ops, c->count);
}

static size_t size_of(const struct list *list)
{
	return LIST_SIZE(list->head.count);
}

/* False: the kernel will refuse it. */
static bool read_list(struct list *list, const struct semop_call *c)
{
	size_t count = c->count < OPS_MAX ? c->count : OPS_MAX;

	if (!count || !ct_readable(c->ops, count * sizeof(*c->ops)))
		return false;
	list->head = (struct ct_payload_sem_ops){key(c->set, CT_SEM_ALL), (uint16_t)count};
	__builtin_memcpy(list->ops, c->ops, count * sizeof(*c->ops));
	return true;
}

static int refused(const struct semop_call *c, uint16_t flags, uintptr_t pc, uintptr_t sp)
{
	ct_call_failed(CT_EV_SEMOP, flags, key(c->set, CT_SEM_ALL), errno, pc, sp);
	return -1;
}

static int give(const struct semop_call *c, const struct list *list, uintptr_t pc, uintptr_t sp)
{
	ct_call_event_bytes(CT_EV_SEMOP, 0, list, size_of(list), pc, sp);
	return real_semop(c, c->ops) ? refused(c, 0, pc, sp) : 0;
}

/* Takes by these operations, which are c's own or a copy that does not wait. */
static int take(const struct semop_call *c, struct sembuf *ops, const struct list *list,
		uint16_t flags, uintptr_t pc, uintptr_t sp)
{
	int result = real_semop(c, ops);

	if (result == 0)
		ct_call_event_bytes(CT_EV_SEMOP, flags, list, size_of(list), pc, sp);
	else if (flags & CT_F_TRY || errno != EAGAIN)
		refused(c, flags, pc, sp);
	return result;
}

/* The live page shows the first operation that can wait. */
static int wait_for(const struct semop_call *c, const struct list *list, const struct ct_sem_op *op,
		    uint16_t flags, uintptr_t pc, uintptr_t sp)
{
	CT_CALL_SCOPE struct ct_call call;
	int result;

	ct_call_request_bytes(&call, CT_EV_SEMOP, flags, list->head.object,
			      op->number | (uint64_t)op->amount << 16 | (uint64_t)op->flags << 32,
			      list, size_of(list), pc, sp);
	result = real_semop(c, c->ops);
	ct_call_complete_bytes(&call, ct_errno_of(result), list, size_of(list));
	return result;
}

/* Tries first: 0, or -1 with errno; EAGAIN: it has to wait. */
static int try_take(const struct semop_call *c, const struct list *list, uintptr_t pc, uintptr_t sp)
{
	struct sembuf ops[TRY_MAX];

	__builtin_memcpy(ops, list->ops, list->head.count * sizeof(*ops));
	for (unsigned i = 0; i < list->head.count; i++)
		ops[i].sem_flg = (short)(ops[i].sem_flg | IPC_NOWAIT);
	return take(c, ops, list, 0, pc, sp);
}

static int operate(const struct semop_call *c, struct list *list, uintptr_t pc, uintptr_t sp)
{
	const struct ct_sem_op *waits = NULL;
	bool gives = false, takes = false;
	int saved = errno;

	ct_sync(CT_EV_SEMOP, key(c->set, CT_SEM_ALL), pc, sp);
	if (!read_list(list, c))
		return real_semop(c, c->ops) ? refused(c, 0, pc, sp) : 0;
	for (unsigned i = 0; i < list->head.count; i++) {
		const struct ct_sem_op *op = &list->ops[i];

		gives |= (int16_t)op->amount > 0;
		takes |= (int16_t)op->amount <= 0;
		if (!waits && (int16_t)op->amount <= 0 && !(op->flags & IPC_NOWAIT))
			waits = op;
	}
	if (!takes)
		return give(c, list, pc, sp);
	if (!gives && !waits)
		return take(c, c->ops, list, CT_F_TRY, pc, sp);
	if (!gives && c->count <= TRY_MAX) {
		int result = try_take(c, list, pc, sp);

		if (result == 0 || errno != EAGAIN)
			return result;
		errno = saved;
	}
	return wait_for(c, list, waits ? waits : list->ops,
			(uint16_t)((waits ? 0 : CT_F_TRY) | (c->timed ? CT_F_TIMED : 0)), pc, sp);
}

/* Apart: long lists are rare, and the stack of a signal handler may be small. */
static __attribute__((noinline)) int operate_long(const struct semop_call *c, uintptr_t pc,
						  uintptr_t sp)
{
	char list[LIST_SIZE(OPS_MAX)];

	return operate(c, (struct list *)list, pc, sp);
}

static __attribute__((noinline)) int operate_short(const struct semop_call *c, uintptr_t pc,
						   uintptr_t sp)
{
	char list[LIST_SIZE(TRY_MAX)];

	return operate(c, (struct list *)list, pc, sp);
}

static int operate_any(const struct semop_call *c, uintptr_t pc, uintptr_t sp)
{
	return c->count <= TRY_MAX ? operate_short(c, pc, sp) : operate_long(c, pc, sp);
}

CT_EXPORT int semop(int set, struct sembuf *ops, size_t count)
{
	return operate_any(&(struct semop_call){set, ops, count, false, NULL}, CT_CALLER);
}

CT_EXPORT int semtimedop(int set, struct sembuf *ops, size_t count, const struct timespec *limit)
{
	return operate_any(&(struct semop_call){set, ops, count, true, limit}, CT_CALLER);
}

CT_EXPORT int semget(key_t name, int count, int flags)
{
	struct semid_ds info = {.sem_nsems = 0};
	int set = CT_REAL(semget)(name, count, flags);

	if (set < 0) {
		ct_call_failed(CT_EV_SEMGET, 0, 0, errno, CT_CALLER);
		return set;
	}
	if (CT_SYS(SYS_semctl, set, 0, IPC_STAT, &info, 0, 0) < 0)
		info.sem_nsems = (unsigned)count;
	ct_call_event(CT_EV_SEMGET, name == IPC_PRIVATE ? CT_F_PRIVATE : 0, key(set, CT_SEM_ALL),
		      info.sem_nsems, CT_CALLER);
	return set;
}

/* Every command's argument passes through as a pointer: it is a union of one and an int. */
CT_EXPORT int semctl(int set, int number, int command, ...)
{
	uint16_t event = CT_EV_SEMCTL_SET;
	uint64_t object = key(set, CT_SEM_ALL), value = 0;
	va_list list;
	void *arg;
	int result;

	va_start(list, command);
	arg = va_arg(list, void *);
	va_end(list);
	if (command == SETVAL) {
		object = key(set, (unsigned)number);
		value = (uint32_t)(uintptr_t)arg;
	} else if (command == IPC_RMID) {
		event = CT_EV_SEMCTL_REMOVE;
	} else if (command != SETALL) {
		return CT_REAL(semctl)(set, number, command, arg);
	}
	ct_call_event(event, 0, object, value, CT_CALLER);
	result = CT_REAL(semctl)(set, number, command, arg);
	if (result == -1)
		ct_call_failed(event, 0, object, errno, CT_CALLER);
	return result;
}
