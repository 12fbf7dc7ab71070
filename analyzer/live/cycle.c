#include "live/cycle.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "live/kernel_view.h"
#include "live/maps.h"
#include "live/proc.h"
#include "model/model.h"

static enum ct_effect effect_of(uint16_t event)
{
	const struct ct_event_info *info = ct_event_info(event);

	return info ? info->effect : CT_EFFECT_NOTE;
}

/* What a lock is known by: shared memory by what it is, private memory by its process. */
struct key {
	uint64_t space, inode, address;
};

#define PRIVATE_SPACE ((uint64_t)1 << 63)

struct search {
	const struct ct_scan *scan;
	bool *stuck;
	struct key *wanted; /* by thread */
	struct key *held;   /* by index in scan->held */
	bool asked_locks;   /* `view` tells who holds the locks on files */
	struct ct_kernel_view view;
};

static bool is_ownership(const struct ct_scan_thread *thread)
{
	switch (effect_of(thread->event)) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_THREAD_JOIN:
	case CT_EFFECT_PROCESS_WAIT:
	case CT_EFFECT_FILE_LOCK:
		return true;
	default:
		return false;
	}
}

static struct key key_of(const struct ct_shared_maps *maps, uint32_t process, uint64_t address)
{
	const struct ct_shared_range *range = ct_shared_maps_find(maps, address);

	if (!range)
		return (struct key){PRIVATE_SPACE | process, 0, address};
	return (struct key){range->device, range->inode, address - range->start + range->offset};
}

static bool same_key(const struct key *a, const struct key *b)
{
	return a->space == b->space && a->inode == b->inode && a->address == b->address;
}

/* Of the candidates of one process, which stand at first..end in the scan. */
static enum ct_status key_process(struct search *search, size_t first, size_t end, bool may_share)
{
	const struct ct_scan *scan = search->scan;
	struct ct_shared_maps maps = {0};
	enum ct_status status = CT_OK;

	if (may_share)
		status = ct_shared_maps_read(&maps, (pid_t)scan->threads[first].pid,
					     (pid_t)scan->threads[first].tid);
	for (size_t i = first; !status && i < end; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];

		search->wanted[i] = key_of(&maps, thread->process, thread->object);
		for (uint32_t k = 0; k < thread->held_count; k++)
			search->held[thread->held + k] =
				key_of(&maps, thread->process, scan->held[thread->held + k].object);
	}
	ct_shared_maps_fini(&maps);
	return status;
}

static bool wants_lock(const struct ct_scan_thread *thread)
{
	enum ct_effect effect = effect_of(thread->event);

	return effect == CT_EFFECT_ACQUIRE || effect == CT_EFFECT_ACQUIRE_SHARED;
}

/* Whether locks may have to be told apart across processes: mostly not, and it is dear. */
static bool locks_matter(const struct search *search)
{
	const struct ct_scan *scan = search->scan;
	bool wanted = false;

	for (size_t i = 0; i < scan->count; i++)
		wanted = wanted || (search->stuck[i] && wants_lock(&scan->threads[i]));
	return wanted && scan->threads[0].process != scan->threads[scan->count - 1].process;
}

static enum ct_status make_keys(struct search *search)
{
	const struct ct_scan *scan = search->scan;
	bool may_share = locks_matter(search);
	enum ct_status status = CT_OK;
	size_t end;

	for (size_t first = 0; !status && first < scan->count; first = end) {
		for (end = first; end < scan->count &&
				  scan->threads[end].process == scan->threads[first].process;)
			end++;
		status = key_process(search, first, end, may_share);
	}
	return status;
}

/* Whether `holder` has the lock that `waiter` wants, in a mode that keeps it out. */
static bool keeps_out(const struct search *search, size_t holder, size_t waiter)
{
	const struct ct_scan_thread *thread = &search->scan->threads[holder];
	bool reads = effect_of(search->scan->threads[waiter].event) == CT_EFFECT_ACQUIRE_SHARED;

	for (uint32_t k = 0; k < thread->held_count; k++) {
		const struct ct_held *held = &search->scan->held[thread->held + k];

		if (same_key(&search->held[thread->held + k], &search->wanted[waiter]) &&
		    !(reads && effect_of(held->event) == CT_EFFECT_ACQUIRE_SHARED))
			return true;
	}
	return false;
}

/* One holder who never gives it back is enough. */
static bool lock_stays(const struct search *search, size_t waiter)
{
	for (size_t i = 0; i < search->scan->count; i++)
		if (search->stuck[i] && keeps_out(search, i, waiter))
			return true;
	return false;
}

static bool thread_stays(const struct search *search, size_t waiter)
{
	const struct ct_scan_thread *thread = &search->scan->threads[waiter];

	for (size_t i = 0; i < search->scan->count; i++) {
		const struct ct_scan_thread *other = &search->scan->threads[i];

		if (other->process == thread->process && other->pthread == thread->object)
			return search->stuck[i];
	}
	return false;
}

/* A process ends when any of its threads ends it, so all of them have to be stuck. */
static bool process_stays(const struct search *search, pid_t pid)
{
	bool any = false;

	for (size_t i = 0; i < search->scan->count; i++) {
		if (search->scan->threads[i].pid != (uint32_t)pid)
			continue;
		if (!search->stuck[i] && ct_scan_state(&search->scan->threads[i]))
			return false;
		any = any || search->stuck[i];
	}
	return any;
}

/* Those that one thread of the process forked. */
static bool forked_stay(const struct search *search, uint32_t process, const char *tid, bool *any)
{
	char path[64];
	bool stay = true;
	FILE *file;
	int pid;

	snprintf(path, sizeof(path), "/proc/%u/task/%.16s/children", process, tid);
	file = fopen(path, "re");
	if (!file)
		return false;
	while (stay && fscanf(file, "%d", &pid) == 1) {
		*any = true;
		stay = process_stays(search, pid);
	}
	fclose(file);
	return stay;
}

/* Any child would do, whichever thread forked it: all have to be stuck, which only those that are
 * recorded can be, and so do all threads of the waiter's process, which could fork another one. */
static bool children_stay(const struct search *search, const struct ct_scan_thread *thread)
{
	bool stay = process_stays(search, (pid_t)thread->pid), any = false;
	struct dirent *entry;
	char path[40];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%u/task", thread->pid);
	dir = stay ? opendir(path) : NULL;
	if (!dir)
		return false;
	while (stay && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			stay = forked_stay(search, thread->pid, entry->d_name, &any);
	closedir(dir);
	return any && stay;
}

/* Any process that has a lock may give it back, by any of its threads. */
static bool holders_stay(const struct search *search, size_t lock)
{
	for (size_t i = 0; i < search->view.holder_count; i++) {
		const struct ct_kernel_holder *holder = &search->view.holders[i];

		if (holder->lock == lock &&
		    !(holder->process && process_stays(search, (pid_t)holder->pid)))
			return false;
	}
	return true;
}

/* As long as the kernel was not asked, which is dear, any file lock may be part of a circle. */
static bool file_lock_stays(const struct search *search, const struct ct_scan_thread *thread)
{
	const struct ct_kernel_view *view = &search->view;

	if (!search->asked_locks)
		return true;
	for (size_t i = 0; i < view->wait_count; i++) {
		const struct ct_kernel_wait *wait = &view->waits[i];

		if (wait->process != thread->process || wait->thread != thread->thread)
			continue;
		for (size_t lock = 0; lock < view->lock_count; lock++)
			if (ct_kernel_keeps_out(view, lock, wait, &wait->wanted) &&
			    holders_stay(search, lock))
				return !view->hidden;
	}
	return false;
}

static bool stays(const struct search *search, size_t waiter)
{
	const struct ct_scan_thread *thread = &search->scan->threads[waiter];

	switch (effect_of(thread->event)) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
		return lock_stays(search, waiter);
	case CT_EFFECT_THREAD_JOIN:
		return thread_stays(search, waiter);
	case CT_EFFECT_PROCESS_WAIT:
		if ((int64_t)thread->object > 0)
			return process_stays(search, (pid_t)thread->object);
		return children_stay(search, thread);
	case CT_EFFECT_FILE_LOCK:
		return file_lock_stays(search, thread);
	default:
		return false;
	}
}

static bool kernel_agrees(const struct ct_scan_thread *thread)
{
	return ct_scan_agrees(thread, ct_scan_state(thread));
}

/* Drops those whose wait may end; `ask`: or who are not in it, as the kernel says. False: none. */
static bool sweep(struct search *search, bool ask)
{
	bool changed = false;

	for (size_t i = 0; i < search->scan->count; i++) {
		if (!search->stuck[i] ||
		    (stays(search, i) && (!ask || kernel_agrees(&search->scan->threads[i]))))
			continue;
		search->stuck[i] = false;
		changed = true;
	}
	return changed;
}

static enum ct_status ask_locks(struct search *search)
{
	bool wanted = false;

	for (size_t i = 0; i < search->scan->count; i++)
		wanted = wanted || (search->stuck[i] && effect_of(search->scan->threads[i].event) ==
								CT_EFFECT_FILE_LOCK);
	search->asked_locks = true;
	return wanted ? ct_kernel_view_read(&search->view, search->scan, search->stuck) : CT_OK;
}

/* The kernel is asked of those that remain: mostly there are none. */
static enum ct_status reduce(struct search *search)
{
	enum ct_status status;

	while (sweep(search, false))
		;
	status = ask_locks(search);
	while (!status && (sweep(search, false) || sweep(search, true)))
		;
	return status;
}

static size_t begin(const struct ct_scan *scan, bool *stuck)
{
	size_t count = 0;

	for (size_t i = 0; i < scan->count; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];

		stuck[i] = thread->steady && ct_scan_waits(thread) && is_ownership(thread) &&
			   !ct_scan_has_limit(thread);
		count += stuck[i];
	}
	return count;
}

static enum ct_status search_cycles(const struct ct_scan *scan, bool *stuck)
{
	struct search search = {
		.scan = scan,
		.stuck = stuck,
		.wanted = calloc(scan->count + 1, sizeof(struct key)),
		.held = calloc(scan->held_count + 1, sizeof(struct key)),
	};
	enum ct_status status = CT_ENOMEM;

	if (search.wanted && search.held)
		status = make_keys(&search);
	if (status == CT_OK)
		status = reduce(&search);
	ct_kernel_view_fini(&search.view);
	free(search.wanted);
	free(search.held);
	return status;
}

enum ct_status ct_cycles_find(const struct ct_scan *scan, struct ct_cycles *out)
{
	struct ct_cycles cycles = {.stuck = calloc(scan->count + 1, sizeof(bool))};
	enum ct_status status = CT_OK;

	if (!cycles.stuck)
		return CT_ENOMEM;
	if (begin(scan, cycles.stuck))
		status = search_cycles(scan, cycles.stuck);
	if (status) {
		ct_cycles_fini(&cycles);
		return status;
	}
	for (size_t i = 0; i < scan->count; i++) {
		if (!cycles.stuck[i])
			continue;
		cycles.count++;
		cycles.fingerprint += ct_scan_fingerprint(&scan->threads[i]);
	}
	*out = cycles;
	return CT_OK;
}

void ct_cycles_fini(struct ct_cycles *cycles)
{
	free(cycles->stuck);
	*cycles = (struct ct_cycles){0};
}
