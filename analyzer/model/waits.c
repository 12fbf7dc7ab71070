#include "model/waits.h"

#include <string.h>

#include "model/kernel.h"
#include "model/lists.h"
#include "model/threads.h"

static enum ct_wait_kind kind_of(enum ct_effect effect)
{
	switch (effect) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return CT_WAIT_LOCK;
	case CT_EFFECT_WAIT:
		return CT_WAIT_COND;
	case CT_EFFECT_SEM_WAIT:
	case CT_EFFECT_SEM_OP:
		return CT_WAIT_SEM;
	case CT_EFFECT_BARRIER:
		return CT_WAIT_BARRIER;
	case CT_EFFECT_ONCE:
		return CT_WAIT_ONCE;
	case CT_EFFECT_THREAD_JOIN:
		return CT_WAIT_JOIN;
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_SYSTEM:
		return CT_WAIT_CHILD;
	case CT_EFFECT_READ:
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
		return CT_WAIT_READ;
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_ADD:
		return CT_WAIT_WRITE;
	case CT_EFFECT_FILE_LOCK:
		return CT_WAIT_FILE_LOCK;
	case CT_EFFECT_ACCEPT:
		return CT_WAIT_ACCEPT;
	case CT_EFFECT_CONNECT:
		return CT_WAIT_CONNECT;
	case CT_EFFECT_POLL:
		return CT_WAIT_POLL;
	case CT_EFFECT_SLEEP:
		return CT_WAIT_SLEEP;
	case CT_EFFECT_SIGNAL_WAIT:
		return CT_WAIT_SIGNAL;
	case CT_EFFECT_FUTEX_WAIT:
		return CT_WAIT_FUTEX;
	case CT_EFFECT_DESTROY:
		return CT_WAIT_DESTROY;
	default:
		return CT_WAIT_NONE;
	}
}

/* A text trace names in the payload who could end a wait. */
static enum ct_status name_helpers(struct ct_model *model, const struct ct_step *step,
				   struct ct_wait *wait)
{
	size_t count = step->record->payload_size / sizeof(uint32_t);

	wait->helpers = ct_arena_calloc(&model->arena, count, sizeof(struct ct_thread *));
	if (!wait->helpers)
		return CT_ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct ct_thread *helper;
		uint32_t number;

		memcpy(&number, (const char *)step->record->payload + i * sizeof(number),
		       sizeof(number));
		helper = ct_thread_numbered(step->thread->process, number);
		if (helper)
			wait->helpers[wait->helper_count++] = helper;
	}
	wait->kind = CT_WAIT_NAMED;
	return CT_OK;
}

/* The child that a wait is for, if it is for one: a pid above 0. */
static struct ct_process *child_of(const struct ct_model *model, const struct ct_step *step)
{
	if (step->effect != CT_EFFECT_PROCESS_WAIT || (int64_t)step->record->object <= 0)
		return NULL;
	return ct_process_unreaped(model, step->thread->process, step->record->object);
}

/* The semaphore of a list that is most likely waited for: of several, the first that is taken from
 * or waited to be 0. */
static struct ct_object *semaphore_of(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *found = NULL;
	struct ct_sem_op op;

	for (size_t i = 0; !found && ct_list_sem_op(step->record, i, &op); i++)
		if (ct_sem_amount(&op) <= 0)
			found = ct_kernel_find(model, ct_sem_key(step->record->object, op.number));
	return found ? &found->object : step->object;
}

/* What a poll lists, or what an epoll was told to watch. */
static enum ct_status list_polled(struct ct_model *model, const struct ct_step *step,
				  struct ct_wait *wait)
{
	const struct ct_object_state *epoll = ct_object_state(step->object);
	struct ct_polled polled;

	wait->objects = ct_arena_calloc(&model->arena, CT_POLL_MAX, sizeof(struct ct_object *));
	if (!wait->objects)
		return CT_ENOMEM;
	for (size_t i = 0; wait->object_count < CT_POLL_MAX; i++) {
		struct ct_object_state *object;

		if (epoll && i == epoll->watched_count)
			break;
		if (!epoll && !ct_list_polled(step->record, i, &polled))
			break;
		object = epoll ? epoll->watched[i] : ct_kernel_find(model, polled.object);
		if (object)
			wait->objects[wait->object_count++] = &object->object;
	}
	return CT_OK;
}

/* Operations of epoll_ctl(2). */
enum { EPOLL_ADD = 1, EPOLL_DELETE = 2 };

enum ct_status ct_poll_watch(const struct ct_model *model, const struct ct_step *step)
{
	struct ct_object_state *epoll = ct_object_state(step->object), *object;
	struct ct_polled polled;
	enum ct_status status;
	size_t at = 0;

	if (!epoll || step->request || !ct_list_polled(step->record, 0, &polled))
		return CT_OK;
	object = ct_kernel_find(model, polled.object);
	while (at < epoll->watched_count && epoll->watched[at] != object)
		at++;
	if (step->record->arg == EPOLL_DELETE && at < epoll->watched_count)
		epoll->watched[at] = epoll->watched[--epoll->watched_count];
	if (step->record->arg != EPOLL_ADD || !object || at < epoll->watched_count)
		return CT_OK;
	status = ct_vec_grow(&epoll->watched, &epoll->watched_cap, epoll->watched_count + 1,
			     sizeof(struct ct_object_state *));
	if (status == CT_OK)
		epoll->watched[epoll->watched_count++] = object;
	return status;
}

/* A poll's limit is its argument; a sleep is nothing but one. */
static bool is_timed(const struct ct_record *record, enum ct_wait_kind kind)
{
	return record->flags & CT_F_TIMED || kind == CT_WAIT_SLEEP ||
	       (kind == CT_WAIT_POLL && record->arg != UINT64_MAX);
}

static bool may_name_helpers(const struct ct_step *step)
{
	return step->effect == CT_EFFECT_READ || step->effect == CT_EFFECT_WRITE ||
	       step->effect == CT_EFFECT_SEM_WAIT;
}

/* A text trace repeats at its end that a thread is parked still. */
static bool stays_parked(const struct ct_step *step)
{
	const struct ct_wait *wait = &step->thread->wait;

	return step->effect == CT_EFFECT_WAIT && !step->mutex && wait->kind == CT_WAIT_COND &&
	       wait->object == step->object;
}

static bool is_programs_lock(const struct ct_object *object)
{
	return object && object->kind == CT_OBJECT_USER_LOCK;
}

static bool is_for_programs_lock(const struct ct_wait *wait)
{
	return wait->kind == CT_WAIT_LOCK && is_programs_lock(wait->object);
}

/* What a lock of the program's own waits with is no wait beside that for the lock, unless it is
 * another such lock, of which it is made. */
static bool waits_within(const struct ct_step *step)
{
	return is_for_programs_lock(&step->thread->wait) && !is_programs_lock(step->object);
}

/* Makes room for the next wait. */
static void put_aside(struct ct_thread *thread)
{
	struct ct_outer_waits *outer = &ct_thread_state(thread)->outer_waits;

	if (!is_for_programs_lock(&thread->wait) || outer->count == CT_OUTER_WAITS) {
		ct_wait_clear(thread);
		return;
	}
	outer->waits[outer->count++] = thread->wait;
	thread->wait = (struct ct_wait){.kind = CT_WAIT_NONE};
}

enum ct_status ct_wait_begin(struct ct_model *model, const struct ct_step *step)
{
	struct ct_thread *thread = step->thread;
	const struct ct_record *record = step->record;
	struct ct_wait wait = {
		.kind = kind_of(step->effect),
		.mode = step->effect == CT_EFFECT_ACQUIRE_SHARED ? CT_MODE_SHARED
								 : CT_MODE_EXCLUSIVE,
		.object = step->object,
		.mutex = step->mutex,
		.event = record->event,
		.stack = record->stack,
		.since = record->time,
		.amount = record->arg,
	};

	if (stays_parked(step)) {
		thread->wait.since = record->time;
		return CT_OK;
	}
	if (wait.kind == CT_WAIT_NONE || waits_within(step))
		return CT_OK;
	wait.timed = is_timed(record, wait.kind);
	put_aside(thread);
	if (wait.kind == CT_WAIT_CHILD)
		wait.process = child_of(model, step);
	if (step->effect == CT_EFFECT_SEM_OP)
		wait.object = semaphore_of(model, step);
	if (wait.kind == CT_WAIT_FILE_LOCK && !ct_read_file_lock(record, &wait.file))
		return CT_OK;
	if (wait.kind == CT_WAIT_JOIN) {
		wait.thread = step->other;
		ct_thread_state(thread)->wait_key = record->object;
		if (!wait.thread)
			ct_process_state(thread->process)->unresolved_joins++;
	}
	thread->wait = wait;
	ct_traffic_enter(&thread->wait);
	if (wait.kind == CT_WAIT_POLL)
		return list_polled(model, step, &thread->wait);
	if (model->trace->text && may_name_helpers(step) && record->payload_size)
		return name_helpers(model, step, &thread->wait);
	return CT_OK;
}

static void leave(struct ct_thread *thread, bool failed)
{
	struct ct_process_state *process = ct_process_state(thread->process);

	if (thread->wait.kind == CT_WAIT_JOIN && !thread->wait.thread && process->unresolved_joins)
		process->unresolved_joins--;
	ct_traffic_leave(&thread->wait, failed);
	thread->wait = (struct ct_wait){.kind = CT_WAIT_NONE};
}

void ct_wait_clear(struct ct_thread *thread)
{
	ct_thread_state(thread)->outer_waits.count = 0;
	leave(thread, true);
}

/* Whether the step is the answer. Of the locks that one is made of, some are had without a wait. */
static bool answers(const struct ct_step *step, uint16_t event)
{
	const struct ct_wait *wait = &step->thread->wait;

	return wait->event == event &&
	       (!is_for_programs_lock(wait) || step->object == wait->object);
}

void ct_wait_gap(struct ct_thread *thread)
{
	ct_thread_state(thread)->waited.object = NULL;
	switch (thread->wait.kind) {
	case CT_WAIT_JOIN:
	case CT_WAIT_CHILD:
	case CT_WAIT_ONCE:
	case CT_WAIT_FILE_LOCK:
	case CT_WAIT_ACCEPT:
	case CT_WAIT_CONNECT:
		return;
	default:
		if (!is_for_programs_lock(&thread->wait))
			ct_wait_clear(thread);
	}
}

void ct_wait_end(const struct ct_model *model, const struct ct_step *step, uint16_t event,
		 bool failed)
{
	struct ct_thread *thread = step->thread;
	struct ct_outer_waits *outer = &ct_thread_state(thread)->outer_waits;

	if (thread->wait.kind == CT_WAIT_NONE || !(answers(step, event) || model->trace->text))
		return;
	leave(thread, failed);
	if (outer->count)
		thread->wait = outer->waits[--outer->count];
}
