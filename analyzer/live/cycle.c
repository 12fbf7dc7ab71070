#include "live/cycle.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "live/clock.h"
#include "live/kernel_view.h"
#include "live/lock_table.h"
#include "model/model.h"

/* So long nobody has a lock that is waited for: whoever is about to take it has it by then. */
enum { ORPHAN_MS = 500, ASK_AGAIN_MS = 1000 };

#define NOBODY UINT32_MAX

static enum ct_effect effect_of(uint16_t event)
{
	const struct ct_event_info *info = ct_event_info(event);

	return info ? info->effect : CT_EFFECT_NOTE;
}

enum process_state { UNKNOWN, ALL_STAY, SOMEBODY_RUNS };

struct process {
	uint32_t first;	       /* of its threads, a list by `next_of_process` */
	uint32_t first_waiter; /* for its end, a list by `next_waiter` */
	enum process_state state;
};

/* Each thread that waits stands in one list, of those who wait for the same. Whenever what a list
 * waits for may have become free, all in it are looked at again: each list at most a few times, so
 * that the search takes time in proportion to the threads and the locks they hold. */
struct search {
	const struct ct_scan *scan;
	bool *stuck;
	struct ct_lock_table locks;
	struct process *processes;
	size_t process_count;
	struct ct_map by_pid; /* index in processes */
	uint32_t *process_of; /* by thread, as all below */
	uint32_t *next_of_process;
	uint32_t *next_waiter;
	uint32_t *first_joiner; /* of the list of those who wait for its end */
	uint32_t *target;	/* whose end it waits for */
	uint32_t *queue;	/* to be looked at again */
	size_t queued;
	bool *in_queue;
	bool asked_locks; /* `view` tells who holds the locks on files */
	struct ct_kernel_view view;
};

/* NULL: the thread waits for no lock. */
static struct ct_scan_lock *lock_wanted(const struct search *search, uint32_t index)
{
	uint32_t wanted = search->locks.wanted[index];

	return wanted == CT_NO_LOCK ? NULL : &search->locks.locks[wanted];
}

/* One holder who never gives it back is enough; a reader also waits behind a writer, of a lock that
 * prefers those. A condition's mutex may be free: then it is the signal that is waited for. */
static bool lock_stays(const struct search *search, uint32_t waiter)
{
	const struct ct_scan_thread *thread = &search->scan->threads[waiter];
	const struct ct_scan_lock *lock = lock_wanted(search, waiter);

	if (!lock)
		return false;
	if (effect_of(thread->event) == CT_EFFECT_WAIT)
		return lock->writers > 0;
	if (ct_lock_is_shared(thread->event))
		return lock->orphan || lock->writers > 0 || lock->waiting_writers > 0;
	return lock->orphan || lock->writers > 0 || lock->readers > 0;
}

static uint64_t thread_key(uint32_t process, uint64_t pthread)
{
	return ct_map_mix(pthread) ^ process;
}

static struct process *process_by_pid(const struct search *search, uint64_t pid)
{
	uint64_t index;

	return ct_map_get(&search->by_pid, pid, &index) ? &search->processes[index] : NULL;
}

/* A process ends when any of its threads ends it, so all of them have to be stuck. */
static bool process_stays(const struct search *search, uint64_t pid)
{
	struct process *process = process_by_pid(search, pid);
	bool any = false;

	if (!process)
		return false;
	if (process->state != UNKNOWN)
		return process->state == ALL_STAY;
	process->state = SOMEBODY_RUNS;
	for (uint32_t i = process->first; i != NOBODY; i = search->next_of_process[i]) {
		if (!search->stuck[i] && ct_scan_state(&search->scan->threads[i]))
			return false;
		any = any || search->stuck[i];
	}
	if (any)
		process->state = ALL_STAY;
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
		stay = process_stays(search, (uint64_t)pid);
	}
	fclose(file);
	return stay;
}

/* Any child would do, whichever thread forked it: all have to be stuck, which only those that are
 * recorded can be, and so do all threads of the waiter's process, which could fork another one. */
static bool children_stay(const struct search *search, const struct ct_scan_thread *thread)
{
	bool stay = process_stays(search, thread->pid), any = false;
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
		    !(holder->process && process_stays(search, holder->pid)))
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

static bool stays(const struct search *search, uint32_t waiter)
{
	const struct ct_scan_thread *thread = &search->scan->threads[waiter];

	switch (effect_of(thread->event)) {
	case CT_EFFECT_ACQUIRE:
	case CT_EFFECT_ACQUIRE_SHARED:
	case CT_EFFECT_WAIT:
		return lock_stays(search, waiter);
	case CT_EFFECT_THREAD_JOIN:
		return search->target[waiter] != NOBODY && search->stuck[search->target[waiter]];
	case CT_EFFECT_PROCESS_WAIT:
		if ((int64_t)thread->object > 0)
			return process_stays(search, thread->object);
		return children_stay(search, thread);
	case CT_EFFECT_FILE_LOCK:
		return file_lock_stays(search, thread);
	default:
		return false;
	}
}

static void look_again(struct search *search, uint32_t first)
{
	for (uint32_t i = first; i != NOBODY; i = search->next_waiter[i]) {
		if (!search->stuck[i] || search->in_queue[i])
			continue;
		search->in_queue[i] = true;
		search->queue[search->queued++] = i;
	}
}

/* The counts of a lock that a thread holds, or waits for, who turns out to be stuck, or not. */
static void count_locks(struct search *search, uint32_t index, bool stuck)
{
	const struct ct_scan_thread *thread = &search->scan->threads[index];
	struct ct_scan_lock *asked = lock_wanted(search, index);

	for (size_t k = thread->held; k < thread->held + thread->held_count; k++) {
		struct ct_scan_lock *lock = &search->locks.locks[search->locks.held[k]];
		size_t *count;

		count = ct_lock_is_shared(search->scan->held[k].event) ? &lock->readers
								       : &lock->writers;
		*count += stuck ? 1 : (size_t)-1;
		if (*count == 0)
			look_again(search, lock->first_waiter);
	}
	if (!asked || effect_of(thread->event) != CT_EFFECT_ACQUIRE)
		return;
	asked->waiting_writers += stuck ? 1 : (size_t)-1;
	if (asked->waiting_writers == 0)
		look_again(search, asked->first_waiter);
}

/* A process that has ended, without having said so, does not run. */
static void free_one(struct search *search, uint32_t index)
{
	struct process *process = &search->processes[search->process_of[index]];

	search->stuck[index] = false;
	count_locks(search, index, false);
	look_again(search, search->first_joiner[index]);
	if (process->state != ALL_STAY)
		return; /* whoever looked at it knows */
	process->state = ct_scan_state(&search->scan->threads[index]) ? SOMEBODY_RUNS : UNKNOWN;
	look_again(search, process->first_waiter);
}

static void work_off(struct search *search)
{
	while (search->queued) {
		uint32_t i = search->queue[--search->queued];

		search->in_queue[i] = false;
		if (search->stuck[i] && !stays(search, i))
			free_one(search, i);
	}
}

static bool kernel_agrees(const struct ct_scan_thread *thread)
{
	return ct_scan_agrees(thread, ct_scan_state(thread));
}

/* Who waits for any child, or for a lock on a file, may depend on anybody. */
static bool depends_on_many(const struct ct_scan_thread *thread)
{
	enum ct_effect effect = effect_of(thread->event);

	return effect == CT_EFFECT_FILE_LOCK ||
	       (effect == CT_EFFECT_PROCESS_WAIT && (int64_t)thread->object <= 0);
}

/* Drops those whose wait may end; `ask`: or who are not in it, as the kernel says. */
static void sweep(struct search *search, bool ask)
{
	for (uint32_t i = 0; i < search->scan->count; i++)
		if (search->stuck[i] &&
		    (!stays(search, i) || (ask && !kernel_agrees(&search->scan->threads[i]))))
			free_one(search, i);
	work_off(search);
}

/* Until nothing changes any more, for those whom no list tells of. */
static void settle(struct search *search)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < search->scan->count; i++) {
			if (!search->stuck[i] || !depends_on_many(&search->scan->threads[i]) ||
			    stays(search, i))
				continue;
			free_one(search, i);
			work_off(search);
			again = true;
		}
	}
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

/* Whether the kernel was asked of just those before, and what it said; it may say something else
 * later of one who was not in its call. */
static bool is_known(const struct ct_cycles_asked *asked, struct ct_cycles *out)
{
	if (!asked || asked->fingerprint != out->fingerprint ||
	    (asked->answer.fingerprint != asked->fingerprint &&
	     ct_clock_ms() - asked->at_ms >= ASK_AGAIN_MS))
		return false;
	*out = asked->answer;
	return true;
}

static struct ct_cycles those_stuck(const struct search *search)
{
	struct ct_cycles cycles = {0};

	for (size_t i = 0; i < search->scan->count; i++) {
		if (!search->stuck[i])
			continue;
		cycles.count++;
		cycles.fingerprint += ct_scan_fingerprint(&search->scan->threads[i]);
	}
	return cycles;
}

/* The kernel is asked of those that remain: mostly there are none. */
static enum ct_status reduce(struct search *search, struct ct_cycles_asked *asked,
			     struct ct_cycles *out)
{
	uint64_t fingerprint;
	enum ct_status status;

	sweep(search, false);
	settle(search);
	*out = those_stuck(search);
	fingerprint = out->fingerprint;
	if (!out->count || is_known(asked, out))
		return CT_OK;
	status = ask_locks(search);
	if (status)
		return status;
	sweep(search, true);
	settle(search);
	*out = those_stuck(search);
	if (asked)
		*asked = (struct ct_cycles_asked){fingerprint, *out, ct_clock_ms()};
	return CT_OK;
}

static size_t begin(const struct ct_scan *scan, bool *stuck)
{
	size_t count = 0;

	for (size_t i = 0; i < scan->count; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];

		stuck[i] = thread->steady && ct_scan_waits(thread) &&
			   ct_effect_is_owned(effect_of(thread->event)) &&
			   !ct_scan_has_limit(thread);
		count += stuck[i];
	}
	return count;
}

static enum ct_status add_to_process(struct search *search, uint32_t index)
{
	uint64_t pid = search->scan->threads[index].pid, found;

	if (!ct_map_get(&search->by_pid, pid, &found)) {
		found = search->process_count;
		if (ct_map_put(&search->by_pid, pid, found) != CT_OK)
			return CT_ENOMEM;
		search->processes[search->process_count++] =
			(struct process){.first = NOBODY, .first_waiter = NOBODY};
	}
	search->process_of[index] = (uint32_t)found;
	search->next_of_process[index] = search->processes[found].first;
	search->processes[found].first = index;
	return CT_OK;
}

static enum ct_status list_threads(struct search *search, struct ct_map *by_pthread)
{
	enum ct_status status = CT_OK;

	for (uint32_t i = 0; !status && i < search->scan->count; i++) {
		const struct ct_scan_thread *thread = &search->scan->threads[i];

		search->first_joiner[i] = search->next_waiter[i] = search->target[i] = NOBODY;
		status = add_to_process(search, i);
		if (status == CT_OK)
			status = ct_map_put(by_pthread,
					    thread_key(thread->process, thread->pthread), i);
	}
	return status;
}

/* Into the list of those who wait for the same; NULL: there is none. */
static uint32_t *list_of(struct search *search, const struct ct_map *by_pthread, uint32_t index)
{
	const struct ct_scan_thread *thread = &search->scan->threads[index];
	struct process *process = NULL;
	struct ct_scan_lock *lock = lock_wanted(search, index);
	uint64_t target;

	if (lock)
		return &lock->first_waiter;
	switch (effect_of(thread->event)) {
	case CT_EFFECT_THREAD_JOIN:
		if (!ct_map_get(by_pthread, thread_key(thread->process, thread->object), &target) ||
		    search->scan->threads[target].pthread != thread->object ||
		    search->scan->threads[target].process != thread->process)
			return NULL;
		search->target[index] = (uint32_t)target;
		return &search->first_joiner[target];
	case CT_EFFECT_PROCESS_WAIT:
		if ((int64_t)thread->object > 0)
			process = process_by_pid(search, thread->object);
		return process ? &process->first_waiter : NULL;
	default:
		return NULL;
	}
}

static void list_waiters(struct search *search, const struct ct_map *by_pthread)
{
	for (size_t i = 0; i < search->locks.count; i++)
		search->locks.locks[i].first_waiter = NOBODY;
	for (uint32_t i = 0; i < search->scan->count; i++) {
		uint32_t *list = search->stuck[i] ? list_of(search, by_pthread, i) : NULL;

		if (list) {
			search->next_waiter[i] = *list;
			*list = i;
		}
		if (search->stuck[i])
			count_locks(search, i, true);
	}
}

/* The program's own locks may be given back by whoever it likes. */
static bool may_be_orphan(const struct search *search, uint32_t waiter)
{
	const struct ct_scan_thread *thread = &search->scan->threads[waiter];

	return search->stuck[waiter] && thread->seen_ms &&
	       ct_clock_ms() - thread->seen_ms >= ORPHAN_MS &&
	       effect_of(thread->event) != CT_EFFECT_WAIT && thread->event != CT_EV_USER_LOCK &&
	       thread->event != CT_EV_USER_RDLOCK;
}

/* A process that was killed still seems to hold its locks. */
static void look_for_holders(struct search *search)
{
	const struct ct_scan *scan = search->scan;

	for (size_t i = 0; i < scan->count; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];

		for (size_t k = 0; k < ct_scan_held_all(thread); k++) {
			struct ct_scan_lock *lock =
				&search->locks.locks[search->locks.held[thread->held + k]];

			if (lock->orphan && (ct_lock_is_private(lock) || ct_scan_state(thread)))
				lock->orphan = false;
		}
	}
}

/* Locks that are waited for and that nobody has. */
static void find_orphans(struct search *search)
{
	bool any = false;

	for (size_t i = 0; i < search->scan->count; i++)
		if (search->scan->threads[i].holds_more)
			return; /* it may be that one */
	for (uint32_t i = 0; i < search->scan->count; i++) {
		struct ct_scan_lock *lock = lock_wanted(search, i);

		if (!lock || !may_be_orphan(search, i))
			continue;
		lock->orphan = any = true;
	}
	if (any)
		look_for_holders(search);
}

static enum ct_status prepare(struct search *search)
{
	struct ct_map by_pthread;
	enum ct_status status;

	ct_map_init(&by_pthread);
	status = ct_lock_table_init(&search->locks, search->scan, search->stuck);
	if (status == CT_OK)
		status = list_threads(search, &by_pthread);
	if (status == CT_OK) {
		list_waiters(search, &by_pthread);
		find_orphans(search);
	}
	ct_map_fini(&by_pthread);
	return status;
}

static bool allocate(struct search *search, size_t count)
{
	search->processes = calloc(count, sizeof(*search->processes));
	search->process_of = calloc(count, sizeof(uint32_t));
	search->next_of_process = calloc(count, sizeof(uint32_t));
	search->next_waiter = calloc(count, sizeof(uint32_t));
	search->first_joiner = calloc(count, sizeof(uint32_t));
	search->target = calloc(count, sizeof(uint32_t));
	search->queue = calloc(count, sizeof(uint32_t));
	search->in_queue = calloc(count, sizeof(bool));
	return search->processes && search->process_of && search->next_of_process &&
	       search->next_waiter && search->first_joiner && search->target && search->queue &&
	       search->in_queue;
}

static void search_fini(struct search *search)
{
	ct_kernel_view_fini(&search->view);
	ct_lock_table_fini(&search->locks);
	ct_map_fini(&search->by_pid);
	free(search->processes);
	free(search->process_of);
	free(search->next_of_process);
	free(search->next_waiter);
	free(search->first_joiner);
	free(search->target);
	free(search->queue);
	free(search->in_queue);
}

static enum ct_status search_cycles(const struct ct_scan *scan, bool *stuck,
				    struct ct_cycles_asked *asked, struct ct_cycles *out)
{
	struct search search = {.scan = scan, .stuck = stuck};
	enum ct_status status = CT_ENOMEM;

	ct_map_init(&search.by_pid);
	if (allocate(&search, scan->count))
		status = prepare(&search);
	if (status == CT_OK)
		status = reduce(&search, asked, out);
	search_fini(&search);
	return status;
}

enum ct_status ct_cycles_find(const struct ct_scan *scan, struct ct_cycles_asked *asked,
			      struct ct_cycles *out)
{
	bool *stuck = calloc(scan->count + 1, sizeof(bool));
	enum ct_status status = CT_OK;

	if (!stuck)
		return CT_ENOMEM;
	*out = (struct ct_cycles){0};
	if (begin(scan, stuck))
		status = search_cycles(scan, stuck, asked, out);
	free(stuck);
	return status;
}
