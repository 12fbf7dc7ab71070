#include "live/strangers.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/vec.h"
#include "live/maps.h"
#include "live/outside.h"
#include "model/model.h"

/* The memory that a thread waits in, by index in ct_outside.waits. */
struct memory {
	uint64_t device, inode;
};

struct asking {
	struct ct_outside *outside;
	struct memory *memories;
	size_t cap;
	bool keys_matter, memory_matters;
	enum ct_status status;
};

static enum ct_effect effect_of(const struct ct_scan_thread *thread)
{
	const struct ct_event_info *info = ct_event_info(thread->event);

	return info ? info->effect : CT_EFFECT_NOTE;
}

static bool waits_in_memory(const struct ct_scan_thread *thread)
{
	enum ct_effect effect = effect_of(thread);

	return effect == CT_EFFECT_WAIT || effect == CT_EFFECT_SEM_WAIT ||
	       effect == CT_EFFECT_BARRIER;
}

static bool waits_at_descriptor(const struct ct_scan_thread *thread)
{
	enum ct_effect effect = effect_of(thread);

	return effect == CT_EFFECT_READ || effect == CT_EFFECT_WRITE ||
	       effect == CT_EFFECT_COUNTER_TAKE || effect == CT_EFFECT_COUNTER_ADD;
}

static enum ct_status add_wait(struct asking *asking, const struct ct_scan_thread *thread,
			       const struct ct_shared_maps *maps)
{
	struct ct_outside *outside = asking->outside;
	const struct ct_shared_range *range = NULL;
	size_t count = outside->wait_count + 1;
	enum ct_status status =
		ct_vec_grow(&outside->waits, &outside->wait_cap, count, sizeof(*outside->waits));

	if (status == CT_OK)
		status = ct_vec_grow(&asking->memories, &asking->cap, count,
				     sizeof(*asking->memories));
	if (status)
		return status;
	if (waits_in_memory(thread))
		range = ct_shared_maps_find(maps, thread->object);
	asking->memories[count - 1] = (struct memory){0};
	if (range)
		asking->memories[count - 1] = (struct memory){range->device, range->inode};
	outside->waits[count - 1] = (struct ct_outside_wait){.process = thread->process,
							     .thread = thread->thread,
							     .since = thread->since,
							     .shared = range != NULL};
	outside->wait_count = count;
	asking->memory_matters = asking->memory_matters || range;
	asking->keys_matter = asking->keys_matter || waits_at_descriptor(thread);
	return CT_OK;
}

/* The threads of a process that wait, which stand at first..end in the scan. */
static enum ct_status add_process(struct asking *asking, const struct ct_scan *scan, size_t first,
				  size_t end)
{
	struct ct_shared_maps maps = {0};
	enum ct_status status = CT_OK;
	bool read = false;

	for (size_t i = first; !status && i < end; i++) {
		const struct ct_scan_thread *thread = &scan->threads[i];

		if (!ct_scan_waits(thread))
			continue;
		if (!read && waits_in_memory(thread)) {
			status = ct_shared_maps_read(&maps, (pid_t)thread->pid, (pid_t)thread->tid);
			read = true;
		}
		if (status == CT_OK)
			status = add_wait(asking, thread, &maps);
	}
	ct_shared_maps_fini(&maps);
	return status;
}

static enum ct_status add_waits(struct asking *asking, const struct ct_scan *scan)
{
	enum ct_status status = CT_OK;
	size_t end;

	for (size_t first = 0; !status && first < scan->count; first = end) {
		for (end = first; end < scan->count &&
				  scan->threads[end].process == scan->threads[first].process;)
			end++;
		status = add_process(asking, scan, first, end);
	}
	return status;
}

static enum ct_status add_key(struct ct_outside *outside, uint64_t key)
{
	enum ct_status status = ct_vec_grow(&outside->keys, &outside->key_cap,
					    outside->key_count + 1, sizeof(*outside->keys));

	if (status == CT_OK)
		outside->keys[outside->key_count++] = key;
	return status;
}

/* 0: the kernel does not tell, as before Linux 5.2. */
static uint64_t eventfd_key(pid_t pid, const char *fd)
{
	char path[64], text[512];
	const char *at;
	uint64_t id;
	ssize_t size;
	int info;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%.16s", (int)pid, fd);
	info = open(path, O_RDONLY | O_CLOEXEC);
	if (info < 0)
		return 0;
	size = read(info, text, sizeof(text) - 1);
	close(info);
	text[size > 0 ? size : 0] = '\0';
	at = strstr(text, "eventfd-id:");
	if (!at || sscanf(at, "eventfd-id: %" SCNu64, &id) != 1)
		return 0;
	return CT_KERNEL_KEY(CT_KERNEL_EVENTFD, id);
}

static uint64_t key_of(pid_t pid, int dir_fd, const char *fd)
{
	char link[64];
	ssize_t length = readlinkat(dir_fd, fd, link, sizeof(link) - 1);
	uint64_t inode;

	link[length > 0 ? length : 0] = '\0';
	if (sscanf(link, "pipe:[%" SCNu64 "]", &inode) == 1 ||
	    sscanf(link, "socket:[%" SCNu64 "]", &inode) == 1)
		return inode;
	return strcmp(link, "anon_inode:[eventfd]") == 0 ? eventfd_key(pid, fd) : 0;
}

static void add_keys(struct asking *asking, pid_t pid)
{
	struct dirent *entry;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	dir = opendir(path);
	while (dir && !asking->status && (entry = readdir(dir))) {
		uint64_t key = key_of(pid, dirfd(dir), entry->d_name);

		if (key)
			asking->status = add_key(asking->outside, key);
	}
	if (dir)
		closedir(dir);
}

static void find_memory(struct asking *asking, pid_t pid)
{
	struct ct_shared_maps maps = {0};

	asking->status = ct_shared_maps_read(&maps, pid, pid);
	for (size_t i = 0; i < asking->outside->wait_count; i++) {
		struct ct_outside_wait *wait = &asking->outside->waits[i];

		for (size_t k = 0; wait->shared && !wait->reached && k < maps.count; k++)
			wait->reached = maps.ranges[k].device == asking->memories[i].device &&
					maps.ranges[k].inode == asking->memories[i].inode;
	}
	ct_shared_maps_fini(&maps);
}

/* Goes on to the next one unless memory is short. */
static bool look_into(void *context, const struct ct_proc *proc)
{
	struct asking *asking = context;

	if (asking->keys_matter)
		add_keys(asking, proc->pid);
	if (asking->memory_matters && !asking->status)
		find_memory(asking, proc->pid);
	return asking->status != CT_OK;
}

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

enum ct_status ct_strangers_ask(const struct ct_scan *scan, uint64_t now, struct ct_outside *out)
{
	struct asking asking = {.outside = out};

	out->asked = true;
	out->now = now;
	asking.status = add_waits(&asking, scan);
	if (!asking.status && (asking.keys_matter || asking.memory_matters) &&
	    ct_outside_any(scan, look_into, &asking) && !asking.status)
		out->wait_count = 0; /* nobody can be looked at */
	free(asking.memories);
	if (out->key_count)
		qsort(out->keys, out->key_count, sizeof(*out->keys), by_number);
	return asking.status;
}
