#include "model/units.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>

#include "model/kernel.h"
#include "model/lists.h"
#include "model/resolve.h"
#include "model/state.h"
#include "model/traffic.h"

struct user { /* of a file lock */
	uint64_t owner;
	const struct ct_thread *thread;
	enum ct_mode mode;
	bool holds;
};

struct unit {
	bool known, lock;		/* it was looked at; it is a lock so far */
	const struct ct_thread *holder; /* of a semaphore */
	uint64_t start, length;		/* of a file lock */
	uint16_t owner_kind;
	struct user *users;
	size_t user_count, user_cap;
};

struct held {
	struct ct_held_lock *locks;
	size_t count, cap;
};

struct ct_units {
	const struct ct_model *model;
	struct unit *units; /* by object id */
	size_t unit_count, unit_cap;
	struct held *held; /* by thread id */
	/* what the last step did: carried out when the next one comes, as held sets are those
	 * before a step */
	struct ct_unit_op done;
	struct ct_held_lock taken;
	const struct ct_thread *done_by;
};

enum ct_status ct_units_new(const struct ct_model *model, struct ct_units **out_units)
{
	struct ct_units *units = calloc(1, sizeof(*units));

	if (units)
		units->held = calloc(model->thread_count + 1, sizeof(*units->held));
	if (!units || !units->held) {
		free(units);
		return CT_ENOMEM;
	}
	units->model = model;
	*out_units = units;
	return CT_OK;
}

void ct_units_free(struct ct_units *units)
{
	if (!units)
		return;
	for (size_t i = 0; i < units->unit_count; i++)
		free(units->units[i].users);
	for (size_t i = 0; i < units->model->thread_count; i++)
		free(units->held[i].locks);
	free(units->units);
	free(units->held);
	free(units);
}

static struct unit *unit_of(struct ct_units *units, const struct ct_object *object)
{
	size_t need = (size_t)object->id + 1;

	if (ct_vec_grow(&units->units, &units->unit_cap, need, sizeof(*units->units)) != CT_OK)
		return NULL;
	while (units->unit_count < need)
		units->units[units->unit_count++] = (struct unit){.known = false};
	return &units->units[object->id];
}

static const struct unit *known_unit(const struct ct_units *units, const struct ct_object *object)
{
	return object->id < units->unit_count ? &units->units[object->id] : NULL;
}

bool ct_unit_is_lock(const struct ct_units *units, const struct ct_object *object)
{
	const struct unit *unit = known_unit(units, object);

	return unit && unit->lock;
}

bool ct_unit_was_lock(const struct ct_units *units, const struct ct_object *object)
{
	const struct unit *unit = known_unit(units, object);

	return unit && unit->known;
}

const struct ct_held_lock *ct_units_held(const struct ct_units *units,
					 const struct ct_thread *thread, size_t *out_count)
{
	*out_count = units->held[thread->id].count;
	return units->held[thread->id].locks;
}

static void drop_held(struct ct_units *units, const struct ct_object *object,
		      const struct ct_thread *thread)
{
	struct held *held = &units->held[thread->id];

	for (size_t i = held->count; i-- > 0;) {
		if (held->locks[i].object != object)
			continue;
		held->count--;
		memmove(&held->locks[i], &held->locks[i + 1],
			(held->count - i) * sizeof(*held->locks));
		return;
	}
}

static enum ct_status carry_out(struct ct_units *units)
{
	const struct ct_unit_op *op = &units->done;
	enum ct_status status = CT_OK;
	struct held *held;

	if (!op->deeds || !units->done_by)
		return CT_OK;
	held = &units->held[units->done_by->id];
	if (op->deeds & CT_UNIT_GIVE)
		drop_held(units, op->object, units->done_by);
	if (op->deeds & CT_UNIT_TAKE) {
		status = ct_vec_grow(&held->locks, &held->cap, held->count + 1,
				     sizeof(*held->locks));
		if (status == CT_OK)
			held->locks[held->count++] = units->taken;
	}
	units->done.deeds = 0;
	return status;
}

/* It is no lock: nobody holds it. */
static void demote(struct ct_units *units, struct unit *unit, const struct ct_object *object)
{
	if (!unit->lock)
		return;
	unit->lock = false;
	for (size_t i = 0; i < units->model->thread_count; i++)
		if (units->held[i].count)
			drop_held(units, object, units->model->threads[i]);
}

/* Whether it was there with one unit before anything was done with it. */
static bool begins_with_one(const struct ct_units *units, const struct ct_object *object)
{
	const struct ct_traffic *traffic = ct_traffic_of(object);

	if (object->kind == CT_OBJECT_SEM && !units->model->trace->text)
		return traffic->counted && traffic->first == 1;
	return object->initialised && (uint32_t)object->init_arg == 1;
}

static struct unit *semaphore(struct ct_units *units, const struct ct_object *object)
{
	struct unit *unit = unit_of(units, object);

	if (unit && !unit->known) {
		unit->known = true;
		unit->lock = begins_with_one(units, object);
	}
	return unit;
}

static void take_semaphore(struct ct_units *units, struct unit *unit, const struct ct_step *step,
			   struct ct_unit_op *op)
{
	op->try |= (step->record->flags & CT_F_TRY) != 0;
	op->timed |= (step->record->flags & CT_F_TIMED) != 0;
	op->mode = CT_MODE_EXCLUSIVE;
	if (!(step->record->flags & CT_F_BLOCKED))
		op->deeds = CT_UNIT_ASK;
	if (step->request)
		return;
	if (unit->holder) { /* there was a second unit */
		demote(units, unit, op->object);
		op->deeds = 0;
		return;
	}
	unit->holder = step->thread;
	op->deeds |= CT_UNIT_TAKE;
}

static void give_semaphore(struct ct_units *units, struct unit *unit, const struct ct_step *step,
			   struct ct_unit_op *op)
{
	if (unit->holder != step->thread) {
		demote(units, unit, op->object);
		return;
	}
	unit->holder = NULL;
	op->deeds = CT_UNIT_GIVE;
}

static enum ct_status move_semaphore(struct ct_units *units, const struct ct_step *step,
				     struct ct_object *object, int amount, struct ct_unit_op *op)
{
	struct unit *unit = semaphore(units, object);

	if (!unit)
		return CT_ENOMEM;
	if (!unit->lock)
		return CT_OK;
	op->object = object;
	if (amount == -1)
		take_semaphore(units, unit, step, op);
	else if (amount == 1 && !step->request)
		give_semaphore(units, unit, step, op);
	else if (amount != 1)
		demote(units, unit, object);
	return CT_OK;
}

/* Several at once are more than locks can do. */
static enum ct_status move_list(struct ct_units *units, const struct ct_step *step,
				struct ct_unit_op *op)
{
	struct ct_sem_op one, more;
	bool alone = !ct_list_sem_op(step->record, 1, &more);
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && ct_list_sem_op(step->record, i, &one); i++) {
		struct ct_object_state *object =
			ct_kernel_find(units->model, ct_sem_key(step->record->object, one.number));
		struct unit *unit;

		if (!object)
			continue;
		if (alone) {
			op->try = one.flags & IPC_NOWAIT;
			return move_semaphore(units, step, &object->object, ct_sem_amount(&one),
					      op);
		}
		unit = semaphore(units, &object->object);
		if (!unit)
			status = CT_ENOMEM;
		else
			demote(units, unit, &object->object);
	}
	return status;
}

/* A value that is set after the first use, or of a whole set: who knows what it is now. */
static void set_values(struct ct_units *units, const struct ct_object *object)
{
	uint64_t set = ct_sem_key(object->address, CT_SEM_ALL);

	for (size_t i = 0; i < units->unit_count; i++) {
		struct ct_object_state *other = ct_object_state(units->model->objects[i]);

		if (&other->object == object || (object->kind == CT_OBJECT_SYSV_SET &&
						 other->object.kind == CT_OBJECT_SYSV_SEM &&
						 ct_sem_key(other->address, CT_SEM_ALL) == set))
			demote(units, &units->units[i], &other->object);
	}
}

/* Which of the file's users this is; a new one if need be. */
static struct user *user_of(struct unit *unit, const struct ct_thread *thread,
			    const struct ct_payload_file_lock *lock)
{
	uint64_t owner = (uint64_t)thread->process->number << 32;

	if (lock->owner != CT_OWNER_PROCESS)
		owner |= (uint64_t)lock->fd + 1;
	for (size_t i = 0; i < unit->user_count; i++)
		if (unit->users[i].owner == owner)
			return &unit->users[i];
	if (ct_vec_grow(&unit->users, &unit->user_cap, unit->user_count + 1,
			sizeof(*unit->users)) != CT_OK)
		return NULL;
	unit->users[unit->user_count] = (struct user){.owner = owner, .thread = thread};
	return &unit->users[unit->user_count++];
}

static void take_file(struct ct_units *units, struct unit *unit, struct user *user,
		      const struct ct_step *step, const struct ct_payload_file_lock *lock,
		      struct ct_unit_op *op)
{
	op->mode = lock->mode == CT_FILE_SHARED ? CT_MODE_SHARED : CT_MODE_EXCLUSIVE;
	op->try = step->record->flags & CT_F_TRY;
	op->timed = step->record->flags & CT_F_TIMED;
	if (user->holds) { /* it changes its mode: flock gives it back before it waits */
		if (step->request)
			return;
		op->deeds = CT_UNIT_GIVE | CT_UNIT_TAKE;
		user->mode = op->mode;
		return;
	}
	if (!(step->record->flags & CT_F_BLOCKED))
		op->deeds = CT_UNIT_ASK;
	if (step->request)
		return;
	op->deeds |= CT_UNIT_TAKE;
	/* those who have it in a way that excludes this have closed the file, or ended */
	for (size_t i = 0; i < unit->user_count; i++) {
		if (&unit->users[i] == user || !unit->users[i].holds ||
		    (op->mode == CT_MODE_SHARED && unit->users[i].mode == CT_MODE_SHARED))
			continue;
		drop_held(units, op->object, unit->users[i].thread);
		unit->users[i].holds = false;
	}
	user->holds = true;
	user->mode = op->mode;
}

static enum ct_status lock_file(struct ct_units *units, const struct ct_step *step,
				struct ct_unit_op *op)
{
	struct ct_payload_file_lock lock;
	struct unit *unit;
	struct user *user;

	if (!step->object || !ct_read_file_lock(step->record, &lock))
		return CT_OK;
	unit = unit_of(units, step->object);
	if (!unit)
		return CT_ENOMEM;
	if (!unit->known) {
		unit->known = unit->lock = true;
		unit->start = lock.start;
		unit->length = lock.length;
		unit->owner_kind = lock.owner;
	}
	if (!unit->lock)
		return CT_OK;
	user = user_of(unit, step->thread, &lock);
	if (!user)
		return CT_ENOMEM;
	if (unit->start != lock.start || unit->length != lock.length ||
	    unit->owner_kind != lock.owner || user->thread != step->thread) {
		demote(units, unit, step->object);
		return CT_OK;
	}
	op->object = step->object;
	if (lock.mode != CT_FILE_UNLOCK) {
		take_file(units, unit, user, step, &lock, op);
		return CT_OK;
	}
	if (user->holds && !step->request)
		op->deeds = CT_UNIT_GIVE;
	user->holds &= step->request;
	return CT_OK;
}

static enum ct_status apply(struct ct_units *units, const struct ct_step *step,
			    struct ct_unit_op *op)
{
	switch (step->effect) {
	case CT_EFFECT_SEM_WAIT:
		return step->object ? move_semaphore(units, step, step->object, -1, op) : CT_OK;
	case CT_EFFECT_SEM_POST:
		return step->object ? move_semaphore(units, step, step->object, 1, op) : CT_OK;
	case CT_EFFECT_SEM_OP:
		return move_list(units, step, op);
	case CT_EFFECT_SEM_SET:
		if (step->object)
			set_values(units, step->object);
		return CT_OK;
	case CT_EFFECT_FILE_LOCK:
		return lock_file(units, step, op);
	case CT_EFFECT_FAILURE:
		if (step->object && ct_failed_call(step->record) == CT_EV_SEM_POST)
			set_values(units, step->object);
		return CT_OK;
	default:
		return CT_OK;
	}
}

enum ct_status ct_units_step(struct ct_units *units, const struct ct_step *step,
			     struct ct_unit_op *out_op)
{
	enum ct_status status = carry_out(units);

	*out_op = (struct ct_unit_op){.deeds = 0};
	if (status == CT_OK)
		status = apply(units, step, out_op);
	if (status || !out_op->deeds)
		return status;
	units->done = *out_op;
	units->done_by = step->thread;
	units->taken = (struct ct_held_lock){.object = out_op->object,
					     .mode = out_op->mode,
					     .depth = 1,
					     .stack = step->record->stack,
					     .since = step->record->time};
	return CT_OK;
}
