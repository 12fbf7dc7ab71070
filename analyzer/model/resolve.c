#include "model/resolve.h"

#include <string.h>
#include <sys/wait.h>

#include "model/held.h"
#include "model/kernel.h"
#include "model/lists.h"
#include "model/objects.h"
#include "model/threads.h"

/* Kind + 1 of the objects of each family of events.def; 0: none, or not of all its events. */
enum family_kind {
	KIND_RECORDER = 0,
	KIND_MEMORY = 0,
	KIND_THREAD = 0,
	KIND_PROCESS = 0,
	KIND_ACCESS = 0,
	KIND_SYSV_SHM = 0,
	KIND_TIMER = 0,
	KIND_SIGNAL = 0,
	KIND_POLL = 0,
	KIND_SLEEP = 0,
	KIND_MODULE = 0,
	KIND_ANNOTATION = 0,
	KIND_MUTEX = CT_OBJECT_MUTEX + 1,
	KIND_RWLOCK = CT_OBJECT_RWLOCK + 1,
	KIND_SPIN = CT_OBJECT_SPIN + 1,
	KIND_USER_LOCK = CT_OBJECT_USER_LOCK + 1,
	KIND_COND = CT_OBJECT_COND + 1,
	KIND_BARRIER = CT_OBJECT_BARRIER + 1,
	KIND_SEM = CT_OBJECT_SEM + 1,
	KIND_FUTEX = CT_OBJECT_FUTEX + 1,
	KIND_PIPE = CT_OBJECT_PIPE + 1,
	KIND_SOCKET = CT_OBJECT_SOCKET + 1,
	KIND_EVENTFD = CT_OBJECT_EVENTFD + 1,
	KIND_SYSV_SEM = CT_OBJECT_SYSV_SET + 1,
	KIND_SYSV_MSG = CT_OBJECT_SYSV_MSG + 1,
	KIND_MQ = CT_OBJECT_MQ + 1,
	KIND_FILE_LOCK = CT_OBJECT_FILE + 1,
};

static const uint8_t kinds[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text) [id] = KIND_##FAMILY,
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
};

/* Events whose object is not what their family's name says. */
static const struct {
	uint16_t event;
	enum ct_object_kind kind;
} exceptions[] = {
	{CT_EV_ONCE, CT_OBJECT_ONCE},
	{CT_EV_CALL_ONCE, CT_OBJECT_ONCE},
	{CT_EV_EPOLL_WAIT, CT_OBJECT_EPOLL},
	{CT_EV_EPOLL_CTL, CT_OBJECT_EPOLL},
	{CT_EV_SIGNALFD, CT_OBJECT_SIGNALFD},
	{CT_EV_TIMERFD_SETTIME, CT_OBJECT_TIMERFD},
	{CT_EV_HAPPENS_BEFORE, CT_OBJECT_ORDER},
	{CT_EV_HAPPENS_AFTER, CT_OBJECT_ORDER},
};

bool ct_event_object_kind(uint16_t event, enum ct_object_kind *out_kind)
{
	for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
		if (exceptions[i].event != event)
			continue;
		*out_kind = exceptions[i].kind;
		return true;
	}
	if (event >= sizeof(kinds) || !kinds[event])
		return false;
	*out_kind = (enum ct_object_kind)(kinds[event] - 1);
	return true;
}

uint16_t ct_failed_call(const struct ct_record *record)
{
	struct ct_payload_fail fail;

	if (record->event != CT_EV_FAIL || record->payload_size < sizeof(fail))
		return 0;
	memcpy(&fail, record->payload, sizeof(fail));
	return fail.call;
}

/* The kernel objects that a record names beside its first: those of its list, a second end. */
static enum ct_status use_more(struct ct_model *model, const struct ct_step *step)
{
	const struct ct_record *record = step->record;
	struct ct_object_state *object;
	enum ct_status status = CT_OK;
	struct ct_polled polled;
	struct ct_sem_op op;

	if (step->effect == CT_EFFECT_FD_PAIR ||
	    (step->effect == CT_EFFECT_ACCEPT && !step->request))
		status = ct_kernel_use(model, step->thread, record->arg, CT_OBJECT_SOCKET,
				       record->time, &object);
	for (size_t i = 0; !status && ct_list_sem_op(record, i, &op); i++)
		status = ct_kernel_use(model, step->thread, ct_sem_key(record->object, op.number),
				       CT_OBJECT_SYSV_SEM, record->time, &object);
	for (size_t i = 0; !status && ct_list_polled(record, i, &polled); i++)
		status = ct_kernel_use(model, step->thread, polled.object, CT_OBJECT_PIPE,
				       record->time, &object);
	return status;
}

static enum ct_status use_first(struct ct_model *model, const struct ct_step *step,
				struct ct_object_state **out_object)
{
	const struct ct_record *record = step->record;
	enum ct_object_kind kind;

	if (!ct_event_object_kind(record->event, &kind))
		return CT_OK;
	if (ct_kind_is_kernel(kind) && step->effect == CT_EFFECT_COUNTER_INIT)
		return ct_kernel_init(model, step->thread, record, kind, out_object);
	if (ct_kind_is_kernel(kind))
		return ct_kernel_use(model, step->thread, record->object, kind, record->time,
				     out_object);
	if (step->effect == CT_EFFECT_INIT)
		return ct_objects_init(model, step->thread, record, kind, out_object);
	return ct_objects_use(model, step->thread, record->object, kind, record->time, out_object);
}

static enum ct_status use(struct ct_model *model, struct ct_step *step)
{
	const struct ct_record *record = step->record;
	struct ct_object_state *object = NULL, *mutex = NULL;
	size_t known = model->object_count;
	enum ct_status status = use_first(model, step, &object);

	if (status == CT_OK && step->effect == CT_EFFECT_WAIT)
		status = ct_objects_use(model, step->thread, record->arg, CT_OBJECT_MUTEX,
					record->time, &mutex);
	if (status == CT_OK)
		status = use_more(model, step);
	/* Where no init is seen, the first use is what is known of an object's origin. */
	for (; known < model->object_count; known++)
		if (model->objects[known]->creator == step->thread)
			model->objects[known]->init_stack = record->stack;
	step->object = object ? &object->object : NULL;
	step->mutex = mutex ? &mutex->object : NULL;
	return status;
}

/* For records that speak of an object without using it: none begins. */
static void look_up(const struct ct_model *model, struct ct_step *step, uint16_t event)
{
	struct ct_object_state *object = NULL;
	enum ct_object_kind kind;

	if (!ct_event_object_kind(event, &kind))
		return;
	if (ct_kind_is_kernel(kind))
		object = ct_kernel_find(model, step->record->object);
	else
		object = ct_objects_newest(step->thread->process, step->record->object, kind);
	if (object && (ct_kind_is_kernel(kind) || object->object.kind == kind))
		step->object = &object->object;
}

/* What lies in the program's memory may have ended; what the kernel has is there. */
static enum ct_status note(struct ct_model *model, struct ct_step *step)
{
	enum ct_object_kind kind;

	if (ct_event_object_kind(step->record->event, &kind) && ct_kind_is_kernel(kind))
		return use(model, step);
	look_up(model, step, step->record->event);
	return CT_OK;
}

static struct ct_thread *creator_of(const struct ct_thread *thread, const struct ct_record *record)
{
	struct ct_payload_start start;

	if (thread->creator || record->payload_size < sizeof(start))
		return thread->creator;
	memcpy(&start, record->payload, sizeof(start));
	return ct_thread_numbered(thread->process, start.creator);
}

/* waitpid told of a child that was stopped, or goes on: it lives. */
static bool is_alive(const struct ct_step *step)
{
	int status = (int)(uint32_t)step->record->arg;

	return step->effect == CT_EFFECT_PROCESS_WAIT &&
	       (WIFSTOPPED(status) || WIFCONTINUED(status));
}

/* The first thread of a child that was forked or reaped. */
static struct ct_thread *first_of_child(const struct ct_model *model, const struct ct_step *step)
{
	const struct ct_process *parent = step->thread->process;
	uint64_t pid = step->record->object;
	const struct ct_process *child;

	if (step->request || !pid || is_alive(step))
		return NULL;
	child = step->effect == CT_EFFECT_FORK ? ct_process_forked(model, parent, pid)
					       : ct_process_unreaped(model, parent, pid);
	return child && child->thread_count ? child->threads[0] : NULL;
}

static void find_other(const struct ct_model *model, struct ct_step *step)
{
	const struct ct_process *process = step->thread->process;
	const struct ct_record *record = step->record;

	switch (step->effect) {
	case CT_EFFECT_THREAD_CREATE:
		step->other = ct_thread_numbered(process, record->object);
		break;
	case CT_EFFECT_THREAD_START:
		step->other = creator_of(step->thread, record);
		break;
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_THREAD_DETACH:
	case CT_EFFECT_THREAD_CANCEL:
		step->other = ct_thread_of_pthread(model, process, record->object);
		break;
	case CT_EFFECT_FORK:
	case CT_EFFECT_PROCESS_WAIT:
		step->other = first_of_child(model, step);
		break;
	default:
		break;
	}
}

/* Whether an acquisition or release changes what is held, by depth before it. */
static bool is_outermost(const struct ct_step *step)
{
	const struct ct_held_lock *held;

	if (!step->object)
		return true;
	held = ct_held_find(step->thread, step->object);
	if (step->effect == CT_EFFECT_RELEASE)
		return !held || held->depth == 1;
	return !held;
}

enum ct_status ct_resolve(struct ct_model *model, struct ct_thread *thread,
			  const struct ct_record *record, const struct ct_event_info *info,
			  struct ct_step *out_step)
{
	enum ct_status status = CT_OK;

	*out_step = (struct ct_step){.record = record,
				     .info = info,
				     .effect = info->effect,
				     .thread = thread,
				     .request = record->flags & CT_F_REQUEST,
				     .outermost = true,
				     .index = model->events};
	switch (info->effect) {
	case CT_EFFECT_FAILURE:
		look_up(model, out_step, ct_failed_call(record));
		break;
	case CT_EFFECT_NOTE:
		status = note(model, out_step);
		break;
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_RELEASE:
		status = use(model, out_step);
		out_step->outermost = is_outermost(out_step);
		break;
	default:
		status = use(model, out_step);
		find_other(model, out_step);
		break;
	}
	return status;
}
