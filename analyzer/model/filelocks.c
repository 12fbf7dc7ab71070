#include "model/filelocks.h"

#include <stdlib.h>

#include "model/lists.h"

struct entry {
	uint64_t start, last; /* bytes, both included */
	uint32_t fd;
	uint16_t mode, owner; /* as recorded */
	const struct ct_thread *thread;
	uint32_t stack; /* where it was taken */
	uint64_t time;
};

struct ct_file_locks {
	struct entry *entries;
	size_t count, cap;
};

static uint64_t last_byte(uint64_t start, uint64_t length)
{
	return length && length - 1 <= UINT64_MAX - start ? start + (length - 1) : UINT64_MAX;
}

static struct entry entry_of(const struct ct_thread *thread,
			     const struct ct_payload_file_lock *lock)
{
	return (struct entry){
		.start = lock->start,
		.last = last_byte(lock->start, lock->length),
		.fd = lock->fd,
		.mode = lock->mode,
		.owner = lock->owner,
		.thread = thread,
	};
}

/* Locks of one owner do not exclude each other: a new one takes the place of the old. */
static bool same_owner(const struct entry *a, const struct entry *b)
{
	if (a->owner != b->owner || a->thread->process != b->thread->process)
		return false;
	return a->owner == CT_OWNER_PROCESS || a->fd == b->fd;
}

static bool overlap(const struct entry *a, const struct entry *b)
{
	return a->start <= b->last && b->start <= a->last;
}

static enum ct_status add(struct ct_file_locks *locks, struct entry entry)
{
	enum ct_status status = ct_vec_grow(&locks->entries, &locks->cap, locks->count + 1,
					    sizeof(*locks->entries));

	if (status == CT_OK)
		locks->entries[locks->count++] = entry;
	return status;
}

/* Takes the range of `cut` out of the entry at `index`; what stays of it are up to two parts. */
static enum ct_status cut_out(struct ct_file_locks *locks, size_t index, const struct entry *cut)
{
	struct entry before = locks->entries[index], after = before;
	enum ct_status status = CT_OK;

	locks->entries[index] = locks->entries[--locks->count];
	if (before.start < cut->start) {
		before.last = cut->start - 1;
		status = add(locks, before);
	}
	if (!status && after.last > cut->last) {
		after.start = cut->last + 1;
		status = add(locks, after);
	}
	return status;
}

enum ct_status ct_file_lock_apply(const struct ct_step *step)
{
	struct ct_object_state *file = ct_object_state(step->object);
	struct ct_payload_file_lock lock;
	enum ct_status status = CT_OK;
	struct entry new;
	size_t before;

	if (!file || step->request || !ct_read_file_lock(step->record, &lock))
		return CT_OK;
	if (!file->file_locks)
		file->file_locks = calloc(1, sizeof(*file->file_locks));
	if (!file->file_locks)
		return CT_ENOMEM;
	new = entry_of(step->thread, &lock);
	new.stack = step->record->stack;
	new.time = step->record->time;
	before = file->file_locks->count;
	for (size_t i = before; !status && i-- > 0;) {
		const struct entry *old = &file->file_locks->entries[i];

		if (same_owner(old, &new) && overlap(old, &new))
			status = cut_out(file->file_locks, i, &new);
	}
	if (status || lock.mode == CT_FILE_UNLOCK)
		return status;
	return add(file->file_locks, new);
}

static bool excludes(const struct entry *held, const struct entry *wanted)
{
	bool flocks = held->owner == CT_OWNER_FLOCK;

	return flocks == (wanted->owner == CT_OWNER_FLOCK) && overlap(held, wanted) &&
	       !same_owner(held, wanted) && !held->thread->process->exited &&
	       (held->mode == CT_FILE_EXCLUSIVE || wanted->mode == CT_FILE_EXCLUSIVE);
}

const struct ct_thread *ct_file_lock_blocker(const struct ct_object *file,
					     const struct ct_thread *wants,
					     const struct ct_payload_file_lock *lock, size_t index)
{
	const struct ct_file_locks *locks = file ? ct_object_state(file)->file_locks : NULL;
	const struct entry wanted = entry_of(wants, lock);

	for (size_t i = 0; locks && i < locks->count; i++)
		if (excludes(&locks->entries[i], &wanted) && index-- == 0)
			return locks->entries[i].thread;
	return NULL;
}

struct ct_kernel_lock ct_file_lock_wanted(const struct ct_payload_file_lock *wanted)
{
	return (struct ct_kernel_lock){
		.start = wanted->start,
		.last = last_byte(wanted->start, wanted->length),
		.mode = wanted->mode,
		.owner = wanted->owner,
	};
}

bool ct_file_lock_taken(const struct ct_object *file, const struct ct_thread *wants,
			const struct ct_payload_file_lock *wanted, const struct ct_process *process,
			struct ct_held_lock *out)
{
	const struct ct_file_locks *locks = file ? ct_object_state(file)->file_locks : NULL;
	const struct entry want = entry_of(wants, wanted), *newest = NULL;

	for (size_t i = 0; locks && i < locks->count; i++) {
		const struct entry *held = &locks->entries[i];

		if (held->thread->process == process && excludes(held, &want) &&
		    (!newest || held->time > newest->time))
			newest = held;
	}
	if (!newest)
		return false;
	*out = (struct ct_held_lock){
		.object = (struct ct_object *)file,
		.mode = newest->mode == CT_FILE_SHARED ? CT_MODE_SHARED : CT_MODE_EXCLUSIVE,
		.depth = 1,
		.stack = newest->stack,
		.since = newest->time,
	};
	return true;
}

void ct_file_locks_free(struct ct_file_locks *locks)
{
	if (!locks)
		return;
	free(locks->entries);
	free(locks);
}
