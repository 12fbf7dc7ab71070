#include "model/waitfor.h"

#include <pthread.h>
#include <stdlib.h>

#include "model/filelocks.h"
#include "model/held.h"
#include "model/helpers.h"
#include "model/kernel_view.h"
#include "model/threads.h"

enum { HELPERS_TOLD = 16 }; /* of those of whom nothing is known */

static enum ct_status add(struct ct_waitfor *waitfor, struct ct_waitfor_edge edge)
{
	enum ct_status status = ct_vec_grow(&waitfor->edges, &waitfor->edge_cap,
					    waitfor->edge_count + 1, sizeof(edge));

	if (status == CT_OK)
		waitfor->edges[waitfor->edge_count++] = edge;
	return status;
}

static enum ct_status add_helper(struct ct_waitfor *waitfor, const struct ct_thread *from,
				 const struct ct_thread *to, const struct ct_object *object)
{
	return add(waitfor,
		   (struct ct_waitfor_edge){
			   .from = from, .to = to, .object = object, .why = CT_WAITFOR_HELPER});
}

/* Whoever holds the lock so that it excludes the wanted mode; the waiter too: a relock. */
static enum ct_status add_holders(struct ct_waitfor *waitfor, const struct ct_thread *from,
				  const struct ct_object *lock, enum ct_mode mode)
{
	const struct ct_object_state *object = ct_object_state(lock);
	enum ct_status status = CT_OK;

	for (size_t i = 0; object && !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *to = waitfor->model->threads[i];
		const struct ct_held_lock *held;

		if (!object->holder_count)
			break;
		held = ct_held_find(to, lock);
		/* a wait gives back a recursive mutex once only, and can take it again */
		if (held && to == from && from->wait.kind == CT_WAIT_COND)
			continue;
		if (held && (held->mode == CT_MODE_EXCLUSIVE || mode == CT_MODE_EXCLUSIVE))
			status = add(waitfor, (struct ct_waitfor_edge){.from = from,
								       .to = to,
								       .object = lock,
								       .why = CT_WAITFOR_HOLDS,
								       .held = held});
	}
	return status;
}

/* What glibc heeds of the kinds that prefer writers: see pthread_rwlockattr_setkind_np(3). */
static bool prefers_writers(const struct ct_object *lock)
{
	return lock->kind == CT_OBJECT_RWLOCK && lock->initialised &&
	       (lock->init_arg & 0xff) == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP;
}

/* Writers that waited before: a reader waits behind them, also if it reads already. */
static enum ct_status add_writers_ahead(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_object *lock = from->wait.object;
	enum ct_status status = CT_OK;

	if (from->wait.mode != CT_MODE_SHARED || !lock || !prefers_writers(lock))
		return CT_OK;
	for (size_t i = 0; !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *to = waitfor->model->threads[i];

		if (to->wait.kind == CT_WAIT_LOCK && to->wait.object == lock &&
		    to->wait.mode == CT_MODE_EXCLUSIVE && to->wait.since < from->wait.since)
			status = add(waitfor, (struct ct_waitfor_edge){.from = from,
								       .to = to,
								       .object = lock,
								       .why = CT_WAITFOR_AHEAD});
	}
	return status;
}

static enum ct_status add_lock(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	struct ct_orphan orphan;
	enum ct_status status;

	if (!ct_orphan_of(waitfor->model, from, &orphan)) {
		status = add_holders(waitfor, from, from->wait.object, from->wait.mode);
		return status ? status : add_writers_ahead(waitfor, from);
	}
	return add(waitfor, (struct ct_waitfor_edge){.from = from,
						     .to = orphan.holder,
						     .object = from->wait.object,
						     .why = CT_WAITFOR_ORPHAN});
}

/* Who took a semaphore that is used as a lock. */
static enum ct_status add_owners(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_deed *owners;
	size_t count = ct_unit_owners(waitfor->model, from, &owners);
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < count; i++) {
		struct ct_held_lock *held = ct_arena_alloc(&waitfor->arena, sizeof(*held));

		if (!held)
			return CT_ENOMEM;
		*held = (struct ct_held_lock){.object = from->wait.object,
					      .mode = CT_MODE_EXCLUSIVE,
					      .depth = 1,
					      .stack = owners[i].stack,
					      .since = owners[i].time};
		status = add(waitfor, (struct ct_waitfor_edge){.from = from,
							       .to = owners[i].thread,
							       .object = from->wait.object,
							       .why = CT_WAITFOR_HOLDS,
							       .held = held});
	}
	return status;
}

/* Whether `child` may be what `from` waits for, who named none: system() waits for its own. */
static bool is_meant(const struct ct_thread *from, const struct ct_process *child)
{
	const struct ct_process_state *state = ct_process_state(child);

	if (child->parent != from->process || state->reaped)
		return false;
	return from->wait.event != CT_EV_SYSTEM || state->trace->time >= from->wait.since;
}

static enum ct_status add_children(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	enum ct_status status = CT_OK;

	if (from->wait.process)
		return add(waitfor, (struct ct_waitfor_edge){.from = from,
							     .process = from->wait.process,
							     .why = CT_WAITFOR_CHILD});
	for (size_t i = 0; !status && i < waitfor->model->process_count; i++) {
		const struct ct_process *child = waitfor->model->processes[i];

		if (is_meant(from, child))
			status = add(waitfor, (struct ct_waitfor_edge){.from = from,
								       .process = child,
								       .why = CT_WAITFOR_CHILD});
	}
	return status;
}

/* How threads are connected with an object that another one waits for. */
enum tie { HELPED_BEFORE, HAS_FAR_END, LIVES };

static bool is_tied(const struct ct_thread *from, const struct ct_object *object,
		    const struct ct_thread *to, enum tie tie)
{
	switch (tie) {
	case HELPED_BEFORE:
		return ct_helped(object, to, from->wait.kind);
	case HAS_FAR_END:
		return ct_has_far_end(object, to);
	case LIVES:
		break;
	}
	return true;
}

/* Those who live and are tied to the object in that way. */
static enum ct_status add_tied(struct ct_waitfor *waitfor, const struct ct_thread *from,
			       const struct ct_object *object, enum tie tie)
{
	size_t before = waitfor->edge_count;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *to = waitfor->model->threads[i];

		if (tie == LIVES && waitfor->edge_count - before == HELPERS_TOLD)
			break;
		if (ct_can_help(waitfor->model, from, to) && is_tied(from, object, to, tie))
			status = add_helper(waitfor, from, to, object);
	}
	return status;
}

/* Those who did before what would end the wait now, and live; if there are none, who has the other
 * end of a connection; then whoever lives, unless it may be somebody who is not in the trace. */
static enum ct_status add_others(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_object *object = from->wait.object;
	size_t before = waitfor->edge_count;
	enum ct_status status = add_tied(waitfor, from, object, HELPED_BEFORE);

	if (!status && waitfor->edge_count == before && object && ct_object_state(object)->peer)
		status = add_tied(waitfor, from, object, HAS_FAR_END);
	if (status || waitfor->edge_count > before ||
	    ct_wait_opening(waitfor->model, from) == CT_WAIT_OPEN)
		return status;
	return add_tied(waitfor, from, object, LIVES);
}

/* Of all that a poll lists: those who gave it something before. */
static enum ct_status add_pollers(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < from->wait.object_count; i++)
		status = add_tied(waitfor, from, from->wait.objects[i], HELPED_BEFORE);
	return status;
}

/* A lock belongs to a process: any of its threads could give it back. */
static enum ct_status add_file_lock_holder(struct ct_waitfor *waitfor, const struct ct_thread *from,
					   uint32_t file_lock, uint32_t process)
{
	struct ct_waitfor_edge edge = {.from = from,
				       .process = ct_process_numbered(waitfor->model, process),
				       .object = from->wait.object,
				       .why = CT_WAITFOR_HOLDS,
				       .file_lock = file_lock};
	struct ct_held_lock held, *kept;

	if (!edge.process) {
		edge.why = CT_WAITFOR_OUTSIDE;
		return add(waitfor, edge);
	}
	if (ct_file_lock_taken(edge.object, from, &from->wait.file, edge.process, &held)) {
		kept = ct_arena_alloc(&waitfor->arena, sizeof(*kept));
		if (!kept)
			return CT_ENOMEM;
		*kept = held;
		edge.held = kept;
	}
	return add(waitfor, edge);
}

/* Those who have one of the locks in the way, as the kernel says; each once. */
static enum ct_status add_lock_holders(struct ct_waitfor *waitfor, const struct ct_thread *from,
				       uint32_t lock)
{
	const struct ct_kernel_view *view = waitfor->model->kernel_view;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < view->holder_count; i++) {
		const struct ct_kernel_holder *holder = &view->holders[i];
		bool known = holder->lock != lock;

		for (size_t k = 0; !known && k < i; k++)
			known = view->holders[k].lock == lock &&
				view->holders[k].process == holder->process;
		if (!known)
			status = add_file_lock_holder(waitfor, from, lock + 1, holder->process);
	}
	return status;
}

static enum ct_status add_holders_of_file(struct ct_waitfor *waitfor, const struct ct_thread *from,
					  const struct ct_kernel_wait *waiter)
{
	const struct ct_kernel_view *view = waitfor->model->kernel_view;
	struct ct_kernel_lock wanted = ct_file_lock_wanted(&from->wait.file);
	size_t before = waitfor->edge_count;
	enum ct_status status = CT_OK;

	wanted.device = waiter->wanted.device;
	wanted.inode = waiter->wanted.inode;
	for (uint32_t i = 0; !status && i < view->lock_count; i++)
		if (ct_kernel_keeps_out(view, i, waiter, &wanted))
			status = add_lock_holders(waitfor, from, i);
	if (status || waitfor->edge_count > before)
		return status;
	return add(waitfor, (struct ct_waitfor_edge){.from = from, .why = CT_WAITFOR_OUTSIDE});
}

static enum ct_status add_file_lockers(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	enum ct_status status = CT_OK;
	const struct ct_wait *wait = &from->wait;
	const struct ct_thread *to, *before = NULL;
	const struct ct_kernel_wait *waiter = ct_kernel_wait_of(
		waitfor->model->kernel_view, from->process->number, from->number, wait->since);

	if (waiter)
		return add_holders_of_file(waitfor, from, waiter);
	for (size_t i = 0;
	     !status && (to = ct_file_lock_blocker(wait->object, from, &wait->file, i)); i++) {
		if (to != before) /* parts of one lock */
			status = add_helper(waitfor, from, to, wait->object);
		before = to;
	}
	return status;
}

/* The thread that runs a once-initialisation has to come back from it. */
static enum ct_status add_runner(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_object_state *object = ct_object_state(from->wait.object);

	if (!object || !object->once_runner)
		return CT_OK;
	return add(waitfor,
		   (struct ct_waitfor_edge){.from = from,
					    .to = waitfor->model->threads[object->once_runner - 1],
					    .why = CT_WAITFOR_HOLDS,
					    .held = &object->once_hold});
}

/* Whoever waits on a condition or at a barrier keeps it from being destroyed. */
static enum ct_status add_waiters(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_object *object = from->wait.object;
	enum ct_status status = CT_OK;

	for (size_t i = 0; object && !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *to = waitfor->model->threads[i];
		bool waits = to->wait.kind == CT_WAIT_COND || to->wait.kind == CT_WAIT_BARRIER;

		if (waits && to->wait.object == object)
			status = add_helper(waitfor, from, to, object);
	}
	return status;
}

static enum ct_status add_edges(struct ct_waitfor *waitfor, const struct ct_thread *from)
{
	const struct ct_wait *wait = &from->wait;
	enum ct_status status = CT_OK;

	switch (wait->kind) {
	case CT_WAIT_NONE:
		return CT_OK;
	case CT_WAIT_LOCK:
		return add_lock(waitfor, from);
	case CT_WAIT_JOIN:
		if (!wait->thread)
			return CT_OK;
		return add(waitfor, (struct ct_waitfor_edge){.from = from,
							     .to = wait->thread,
							     .why = CT_WAITFOR_JOINED});
	case CT_WAIT_CHILD:
		return add_children(waitfor, from);
	case CT_WAIT_ONCE:
		return add_runner(waitfor, from);
	case CT_WAIT_NAMED:
		for (size_t i = 0; !status && i < wait->helper_count; i++)
			status = add_helper(waitfor, from, wait->helpers[i], wait->object);
		return status;
	case CT_WAIT_COND: /* whoever signals, it has to have its mutex again */
		status = add_holders(waitfor, from, wait->mutex, CT_MODE_EXCLUSIVE);
		return status ? status : add_others(waitfor, from);
	case CT_WAIT_SEM:
		status = add_owners(waitfor, from);
		return status ? status : add_others(waitfor, from);
	case CT_WAIT_BARRIER:
	case CT_WAIT_READ:
	case CT_WAIT_WRITE:
	case CT_WAIT_FUTEX:
		return add_others(waitfor, from);
	case CT_WAIT_POLL:
		return add_pollers(waitfor, from);
	case CT_WAIT_FILE_LOCK:
		return add_file_lockers(waitfor, from);
	case CT_WAIT_DESTROY:
		return add_waiters(waitfor, from);
	case CT_WAIT_ACCEPT:
	case CT_WAIT_CONNECT:
	case CT_WAIT_SLEEP:
	case CT_WAIT_SIGNAL:
		return CT_OK;
	}
	return status;
}

static enum ct_waitfor_why why_nobody(const struct ct_model *model, const struct ct_thread *from)
{
	return ct_wait_opening(model, from) == CT_WAIT_OPEN ? CT_WAITFOR_OUTSIDE
							    : CT_WAITFOR_NOBODY;
}

static enum ct_status build(struct ct_waitfor *waitfor)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < waitfor->model->thread_count; i++) {
		const struct ct_thread *from = waitfor->model->threads[i];
		size_t before = waitfor->edge_count;

		status = add_edges(waitfor, from);
		if (!status && from->wait.kind != CT_WAIT_NONE && waitfor->edge_count == before)
			status = add(waitfor, (struct ct_waitfor_edge){
						      .from = from,
						      .why = why_nobody(waitfor->model, from)});
	}
	return status;
}

enum ct_status ct_waitfor_new(const struct ct_model *model, struct ct_waitfor **out_waitfor)
{
	struct ct_waitfor *waitfor = calloc(1, sizeof(*waitfor));
	enum ct_status status;

	if (!waitfor)
		return CT_ENOMEM;
	ct_arena_init(&waitfor->arena);
	waitfor->model = model;
	status = build(waitfor);
	if (status)
		ct_waitfor_free(waitfor);
	else
		*out_waitfor = waitfor;
	return status;
}

void ct_waitfor_free(struct ct_waitfor *waitfor)
{
	if (!waitfor)
		return;
	ct_arena_fini(&waitfor->arena);
	free(waitfor->edges);
	free(waitfor);
}

const struct ct_waitfor_edge *ct_waitfor_of(const struct ct_waitfor *waitfor,
					    const struct ct_thread *thread, size_t *out_count)
{
	size_t low = 0, high = waitfor->edge_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (waitfor->edges[mid].from->id < thread->id)
			low = mid + 1;
		else
			high = mid;
	}
	for (high = low; high < waitfor->edge_count && waitfor->edges[high].from == thread;)
		high++;
	*out_count = high - low;
	return high > low ? &waitfor->edges[low] : NULL;
}
