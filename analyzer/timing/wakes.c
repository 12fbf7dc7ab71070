#include "timing/wakes.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/ends.h"

/* Clocks of processors may differ a little. */
enum { SLACK_NS = 1000 };

/* thread is its id + 1; 0: no such event yet */
struct deed {
	uint64_t time_ns;
	uint32_t thread;
	uint16_t event;
};

/* Newest events of an object. */
struct object_deeds {
	struct deed gave;    /* unlock, signal, post, write; of a barrier the arrival that filled
				its newest round */
	struct deed took;    /* read, receive: there is room again */
	struct deed closed;  /* one of its descriptors */
	uint32_t arrivals;   /* of the round that is not full yet */
	uint32_t round_size; /* 0: unknown */
};

struct process_deeds {
	struct deed last;	 /* of any of its threads */
	struct deed child_ended; /* exit of one of its children */
	struct deed signalled;	 /* somebody sent it a signal */
};

struct ct_wakes {
	const struct ct_model *model;
	struct object_deeds *objects; /* by id */
	size_t object_count, object_cap;
	struct deed *threads;		 /* newest event, by id */
	struct process_deeds *processes; /* as model->processes */
	struct ct_map indexes;		 /* process number: index */
	struct ct_map pids;		 /* pid: index of the newest process with it */
};

enum ct_status ct_wakes_new(const struct ct_model *model, struct ct_wakes **out_wakes)
{
	struct ct_wakes *wakes = calloc(1, sizeof(*wakes));
	enum ct_status status = CT_OK;

	if (!wakes)
		return CT_ENOMEM;
	wakes->model = model;
	ct_map_init(&wakes->indexes);
	ct_map_init(&wakes->pids);
	wakes->threads = calloc(model->thread_count + 1, sizeof(*wakes->threads));
	wakes->processes = calloc(model->process_count + 1, sizeof(*wakes->processes));
	if (!wakes->threads || !wakes->processes)
		status = CT_ENOMEM;
	for (size_t i = 0; status == CT_OK && i < model->process_count; i++)
		status = ct_map_put(&wakes->indexes, model->processes[i]->number, i);
	if (status) {
		ct_wakes_free(wakes);
		return status;
	}
	*out_wakes = wakes;
	return CT_OK;
}

void ct_wakes_free(struct ct_wakes *wakes)
{
	if (!wakes)
		return;
	ct_map_fini(&wakes->indexes);
	ct_map_fini(&wakes->pids);
	free(wakes->objects);
	free(wakes->threads);
	free(wakes->processes);
	free(wakes);
}

static struct process_deeds *deeds_of_process(const struct ct_wakes *wakes,
					      const struct ct_process *process)
{
	uint64_t index;

	if (!process || !ct_map_get(&wakes->indexes, process->number, &index))
		return NULL;
	return &wakes->processes[index];
}

static const struct object_deeds *deeds_of(const struct ct_wakes *wakes,
					   const struct ct_object *object)
{
	return object && object->id < wakes->object_count ? &wakes->objects[object->id] : NULL;
}

static enum ct_status make_room(struct ct_wakes *wakes, uint32_t id)
{
	enum ct_status status;

	if (id < wakes->object_count)
		return CT_OK;
	status = ct_vec_grow(&wakes->objects, &wakes->object_cap, (size_t)id + 1,
			     sizeof(*wakes->objects));
	if (status)
		return status;
	memset(wakes->objects + wakes->object_count, 0,
	       (wakes->object_cap - wakes->object_count) * sizeof(*wakes->objects));
	wakes->object_count = wakes->object_cap;
	return CT_OK;
}

enum part { GAVE, TOOK, CLOSED };

static enum ct_status note(struct ct_wakes *wakes, const struct ct_object *object, enum part part,
			   const struct deed *deed)
{
	struct object_deeds *deeds;
	enum ct_status status;

	if (!object)
		return CT_OK;
	status = make_room(wakes, object->id);
	if (status)
		return status;
	deeds = &wakes->objects[object->id];
	*(part == GAVE ? &deeds->gave : part == TOOK ? &deeds->took : &deeds->closed) = *deed;
	return CT_OK;
}

/* Who comes to a barrier, and the last of a round, ends the waits of the others. */
static enum ct_status note_arrival(struct ct_wakes *wakes, const struct ct_object *barrier,
				   const struct deed *deed)
{
	struct object_deeds *deeds;
	enum ct_status status;

	if (!barrier)
		return CT_OK;
	status = make_room(wakes, barrier->id);
	if (status)
		return status;
	deeds = &wakes->objects[barrier->id];
	if (barrier->initialised)
		deeds->round_size = (uint32_t)barrier->init_arg;
	if (++deeds->arrivals < deeds->round_size)
		return CT_OK;
	deeds->arrivals = 0;
	deeds->gave = *deed;
	return CT_OK;
}

static enum ct_status note_sem_ops(struct ct_wakes *wakes, const struct ct_step *step,
				   const struct deed *deed)
{
	const struct ct_object *object;
	enum ct_status status = CT_OK;
	int amount;

	if (step->request)
		return CT_OK;
	for (size_t i = 0; !status && ct_step_semaphore(wakes->model, step, i, &object, &amount);
	     i++)
		if (amount)
			status = note(wakes, object, amount > 0 ? GAVE : TOOK, deed);
	return status;
}

static bool unlocks_file(const struct ct_record *record)
{
	struct ct_payload_file_lock lock;

	if (record->payload_size < sizeof(lock))
		return false;
	memcpy(&lock, record->payload, sizeof(lock));
	return lock.mode == CT_FILE_UNLOCK;
}

/* A signal is for the sender's own process, unless it names another one. */
static void note_signal(struct ct_wakes *wakes, const struct ct_step *step, const struct deed *deed)
{
	struct process_deeds *deeds = deeds_of_process(wakes, step->thread->process);
	uint64_t index;

	if (step->record->event == CT_EV_KILL)
		deeds = ct_map_get(&wakes->pids, step->record->object, &index)
				? &wakes->processes[index]
				: NULL;
	if (deeds)
		deeds->signalled = *deed;
}

static enum ct_status note_object(struct ct_wakes *wakes, const struct ct_step *step,
				  const struct deed *deed)
{
	switch (step->effect) {
	case CT_EFFECT_RELEASE:
		return step->outermost ? note(wakes, step->object, GAVE, deed) : CT_OK;
	case CT_EFFECT_WAIT: /* gives the mutex back */
		return step->request ? note(wakes, step->mutex, GAVE, deed) : CT_OK;
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_SEM_SET:
	case CT_EFFECT_FUTEX_WAKE:
	/* a request as well: some bytes may go before the rest has to wait */
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_ADD:
	case CT_EFFECT_CONNECT:
		return note(wakes, step->object, GAVE, deed);
	case CT_EFFECT_READ:
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
		return step->request || step->record->flags & CT_F_PEEK
			       ? CT_OK
			       : note(wakes, step->object, TOOK, deed);
	case CT_EFFECT_SEM_OP:
		return note_sem_ops(wakes, step, deed);
	case CT_EFFECT_BARRIER:
		return step->request ? note_arrival(wakes, step->object, deed) : CT_OK;
	case CT_EFFECT_ONCE: /* who waited for the initialisation did not do it */
		return step->request || step->thread->wait.kind == CT_WAIT_ONCE
			       ? CT_OK
			       : note(wakes, step->object, GAVE, deed);
	case CT_EFFECT_FILE_LOCK:
		return unlocks_file(step->record) ? note(wakes, step->object, GAVE, deed) : CT_OK;
	case CT_EFFECT_FD_CLOSE:
		return note(wakes, step->object, CLOSED, deed);
	case CT_EFFECT_NOTE:
		return step->record->event == CT_EV_SHUTDOWN
			       ? note(wakes, step->object, CLOSED, deed)
			       : CT_OK;
	default:
		return CT_OK;
	}
}

enum ct_status ct_wakes_note(struct ct_wakes *wakes, const struct ct_step *step, uint64_t time_ns)
{
	const struct ct_process *process = step->thread->process;
	struct process_deeds *own = deeds_of_process(wakes, process), *parents;
	const struct deed deed = {time_ns, step->thread->id + 1, step->record->event};
	enum ct_status status = CT_OK;

	wakes->threads[step->thread->id] = deed;
	if (own && !own->last.thread)
		status = ct_map_put(&wakes->pids, process->pid, (uint64_t)(own - wakes->processes));
	if (own && time_ns >= own->last.time_ns)
		own->last = deed;
	if (step->effect == CT_EFFECT_PROCESS_EXIT) {
		parents = deeds_of_process(wakes, process->parent);
		if (parents)
			parents->child_ended = deed;
	}
	if (step->effect == CT_EFFECT_SIGNAL_SEND)
		note_signal(wakes, step, &deed);
	return status ? status : note_object(wakes, step, &deed);
}

/* Whether it is a deed of another thread within the span. What has `ended` may have done so some
 * time after its last record. */
static bool take(const struct ct_wakes *wakes, const struct deed *deed, bool ended,
		 struct ct_span *span)
{
	if (!deed || !deed->thread || deed->thread == span->thread->id + 1 ||
	    deed->time_ns > span->to_ns + SLACK_NS ||
	    (!ended && deed->time_ns + SLACK_NS < span->from_ns) ||
	    (span->wake.thread && deed->time_ns <= span->wake.time_ns))
		return false;
	span->wake = (struct ct_wake){wakes->model->threads[deed->thread - 1], deed->time_ns,
				      deed->event};
	if (span->wake.time_ns < span->from_ns)
		span->wake.time_ns = span->from_ns;
	if (span->wake.time_ns > span->to_ns)
		span->wake.time_ns = span->to_ns;
	return true;
}

static void find_giver(const struct ct_wakes *wakes, const struct ct_object *object,
		       struct ct_span *span)
{
	const struct object_deeds *deeds = deeds_of(wakes, object);

	if (deeds && !take(wakes, &deeds->gave, false, span) &&
	    object->kind == CT_OBJECT_SYSV_SEM) /* it may have waited for the value 0 */
		take(wakes, &deeds->took, false, span);
}

/* Of a read or write: what was done at the other end. */
static void find_transfer(const struct ct_wakes *wakes, const struct ct_wait *wait, bool nothing,
			  struct ct_span *span)
{
	const struct object_deeds *deeds = deeds_of(wakes, ct_far_end(wait->object));

	if (!deeds)
		return;
	if (wait->kind == CT_WAIT_WRITE)
		take(wakes, &deeds->took, false, span);
	else
		take(wakes, nothing ? &deeds->closed : &deeds->gave, false, span);
}

static void find_for_poll(const struct ct_wakes *wakes, const struct ct_wait *wait,
			  struct ct_span *span)
{
	for (size_t i = 0; i < wait->object_count; i++) {
		const struct object_deeds *deeds = deeds_of(wakes, ct_far_end(wait->objects[i]));

		if (!deeds)
			continue;
		take(wakes, &deeds->gave, false, span);
		take(wakes, &deeds->took, false, span);
		take(wakes, &deeds->closed, false, span);
	}
}

static void find_join(const struct ct_wakes *wakes, const struct ct_thread *ended,
		      struct ct_span *span)
{
	if (ended)
		span->joined = ended;
	if (span->joined)
		take(wakes, &wakes->threads[span->joined->id], true, span);
}

static void find_child(const struct ct_wakes *wakes, const struct ct_thread *first,
		       struct ct_span *span)
{
	const struct process_deeds *deeds;

	if (first)
		span->child = first->process;
	if (span->child) {
		deeds = deeds_of_process(wakes, span->child);
		take(wakes, deeds ? &deeds->last : NULL, true, span);
		return;
	}
	/* system() does not say which child it was */
	deeds = deeds_of_process(wakes, span->thread->process);
	if (take(wakes, deeds ? &deeds->child_ended : NULL, false, span))
		span->child = span->wake.thread->process;
}

void ct_wakes_find(const struct ct_wakes *wakes, const struct ct_wait *wait,
		   const struct ct_wait_end *end, struct ct_span *span)
{
	const struct process_deeds *own = deeds_of_process(wakes, span->thread->process);

	switch (wait->kind) {
	case CT_WAIT_COND:
		find_giver(wakes, wait->object, span);
		if (span->wake.thread) /* from then on it has waited for the mutex */
			find_giver(wakes, wait->mutex, span);
		return;
	case CT_WAIT_LOCK:
	case CT_WAIT_SEM:
	case CT_WAIT_BARRIER:
	case CT_WAIT_ONCE:
	case CT_WAIT_FUTEX:
	case CT_WAIT_FILE_LOCK:
	case CT_WAIT_DESTROY:
		find_giver(wakes, wait->object, span);
		return;
	case CT_WAIT_JOIN:
		find_join(wakes, end->other, span);
		return;
	case CT_WAIT_CHILD:
		find_child(wakes, end->other, span);
		return;
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
		find_transfer(wakes, wait, end->nothing, span);
		return;
	case CT_WAIT_ACCEPT:
		find_giver(wakes, ct_far_end(end->accepted), span);
		return;
	case CT_WAIT_POLL:
		find_for_poll(wakes, wait, span);
		return;
	case CT_WAIT_SIGNAL:
		take(wakes, own ? &own->signalled : NULL, false, span);
		return;
	case CT_WAIT_NONE:
	case CT_WAIT_CONNECT:
	case CT_WAIT_SLEEP:
	case CT_WAIT_NAMED:
		return;
	}
}

uint64_t ct_wakes_last_of(const struct ct_wakes *wakes, size_t process_index)
{
	const struct process_deeds *deeds = &wakes->processes[process_index];

	return deeds->signalled.time_ns > deeds->last.time_ns ? deeds->signalled.time_ns
							      : deeds->last.time_ns;
}
