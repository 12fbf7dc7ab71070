#include "timing/waiters.h"

#include <stdlib.h>

#include "base/vec.h"

enum { OBJECTS = 2 }; /* a condition and its mutex */

struct waiting {
	uint32_t objects[OBJECTS]; /* id + 1; 0: none */
	bool kernel;
};

struct ct_waiters {
	const struct ct_model *model;
	struct waiting *threads; /* by thread id */
	uint32_t *by_object;	 /* by object id: how many threads */
	size_t object_count, object_cap;
	size_t kernel;
	const struct ct_thread *last; /* whose step was the last */
};

enum ct_status ct_waiters_new(const struct ct_model *model, struct ct_waiters **out_waiters)
{
	struct ct_waiters *waiters = calloc(1, sizeof(*waiters));

	if (waiters)
		waiters->threads = calloc(model->thread_count + 1, sizeof(*waiters->threads));
	if (!waiters || !waiters->threads) {
		free(waiters);
		return CT_ENOMEM;
	}
	waiters->model = model;
	*out_waiters = waiters;
	return CT_OK;
}

void ct_waiters_free(struct ct_waiters *waiters)
{
	if (!waiters)
		return;
	free(waiters->threads);
	free(waiters->by_object);
	free(waiters);
}

static struct waiting what_for(const struct ct_wait *wait)
{
	const struct ct_object *objects[OBJECTS] = {wait->object, wait->mutex};
	struct waiting waiting = {.kernel = false};

	if (wait->kind == CT_WAIT_NONE)
		return waiting;
	waiting.kernel = wait->kind == CT_WAIT_POLL;
	for (int i = 0; i < OBJECTS; i++) {
		if (objects[i] && ct_kind_is_kernel(objects[i]->kind))
			waiting.kernel = true;
		else if (objects[i])
			waiting.objects[i] = objects[i]->id + 1;
	}
	return waiting;
}

static enum ct_status count(struct ct_waiters *waiters, uint32_t object, uint32_t change)
{
	enum ct_status status;

	if (!object)
		return CT_OK;
	status = ct_vec_grow(&waiters->by_object, &waiters->object_cap, object,
			     sizeof(*waiters->by_object));
	if (status)
		return status;
	while (waiters->object_count < object)
		waiters->by_object[waiters->object_count++] = 0;
	waiters->by_object[object - 1] += change;
	return CT_OK;
}

/* The last step is done: what its thread waits for may have changed. */
static enum ct_status follow(struct ct_waiters *waiters)
{
	struct waiting *was;
	struct waiting waiting;
	enum ct_status status = CT_OK;

	if (!waiters->last)
		return CT_OK;
	was = &waiters->threads[waiters->last->id];
	waiting = what_for(&waiters->last->wait);
	for (int i = 0; !status && i < OBJECTS; i++) {
		if (was->objects[i] == waiting.objects[i])
			continue;
		status = count(waiters, was->objects[i], UINT32_MAX); /* one less */
		if (status == CT_OK)
			status = count(waiters, waiting.objects[i], 1);
	}
	waiters->kernel -= was->kernel;
	waiters->kernel += waiting.kernel;
	*was = waiting;
	return status;
}

enum ct_status ct_waiters_step(struct ct_waiters *waiters, const struct ct_step *step)
{
	enum ct_status status = follow(waiters);

	waiters->last = step->thread;
	return status;
}

static bool is_waited_for(const struct ct_waiters *waiters, const struct ct_object *object)
{
	if (!object)
		return false;
	if (ct_kind_is_kernel(object->kind))
		return waiters->kernel != 0;
	return object->id < waiters->object_count && waiters->by_object[object->id];
}

/* Whether it gives what others may wait for; who asks, or takes, does not. */
static bool gives(const struct ct_step *step)
{
	switch (step->effect) {
	case CT_EFFECT_RELEASE:
	case CT_EFFECT_SIGNAL:
	case CT_EFFECT_BROADCAST:
	case CT_EFFECT_SEM_POST:
	case CT_EFFECT_SEM_SET:
	case CT_EFFECT_FUTEX_WAKE:
	case CT_EFFECT_FD_CLOSE:
	case CT_EFFECT_NOTE: /* shutdown */
	/* a request as well: some of it may be there before the rest has to wait */
	case CT_EFFECT_WRITE:
	case CT_EFFECT_MESSAGE_SEND:
	case CT_EFFECT_COUNTER_ADD:
	case CT_EFFECT_CONNECT:
		return true;
	case CT_EFFECT_WAIT: /* gives the mutex */
	case CT_EFFECT_BARRIER:
		return step->request;
	case CT_EFFECT_SEM_OP:
	case CT_EFFECT_ONCE:
	case CT_EFFECT_FILE_LOCK:
	case CT_EFFECT_READ: /* gives room */
	case CT_EFFECT_MESSAGE_RECEIVE:
	case CT_EFFECT_COUNTER_TAKE:
		return !step->request;
	default:
		return false;
	}
}

bool ct_waiters_may_wake(const struct ct_waiters *waiters, const struct ct_step *step)
{
	return gives(step) &&
	       (is_waited_for(waiters, step->object) || is_waited_for(waiters, step->mutex));
}
