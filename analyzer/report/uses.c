#include "report/uses.h"

#include <string.h>

#include "model/counts.h"

/* A kind of thing: its objects, and calls upon them; or calls by what they do, from the first to
 * the last effect, if wanted only those with a word in their name. */
struct thing {
	const char *name;
	uint32_t kinds; /* 1 << kind of each; objects of the first are counted */
	enum ct_effect first, last;
	const char *word;
	uint64_t (*count)(const struct ct_model *model); /* of its objects, of those without kind */
};

#define OF(kind) (UINT32_C(1) << CT_OBJECT_##kind)

static uint64_t count_threads(const struct ct_model *model)
{
	uint64_t count = 0;

	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_thread *thread = model->threads[i];

		count += thread->creator && thread->creator->process == thread->process;
	}
	return count;
}

/* Without the first. */
static uint64_t count_processes(const struct ct_model *model)
{
	return model->process_count ? model->process_count - 1 : 0;
}

static const struct thing things[] = {
	{"mutex", .kinds = OF(MUTEX)},
	{"rwlock", .kinds = OF(RWLOCK)},
	{"spinlock", .kinds = OF(SPIN)},
	{"user lock", .kinds = OF(USER_LOCK)},
	{"condition variable", .kinds = OF(COND)},
	{"barrier", .kinds = OF(BARRIER)},
	{"semaphore", .kinds = OF(SEM)},
	{"once", .kinds = OF(ONCE)},
	{"futex", .kinds = OF(FUTEX)},
	{"pipe", .kinds = OF(PIPE)},
	{"socket", .kinds = OF(SOCKET)},
	{"eventfd", .kinds = OF(EVENTFD)},
	{"epoll", .kinds = OF(EPOLL)},
	{"timerfd", .kinds = OF(TIMERFD)},
	{"signalfd", .kinds = OF(SIGNALFD)},
	{"system v semaphore", .kinds = OF(SYSV_SET) | OF(SYSV_SEM)},
	{"system v message queue", .kinds = OF(SYSV_MSG)},
	{"message queue", .kinds = OF(MQ)},
	{"file lock", .kinds = OF(FILE)},
	{"thread", 0, CT_EFFECT_THREAD_CREATE, CT_EFFECT_THREAD_CREATE, NULL, count_threads},
	{"process", 0, CT_EFFECT_FORK, CT_EFFECT_SYSTEM, NULL, count_processes},
	{"join", 0, CT_EFFECT_THREAD_JOIN, CT_EFFECT_THREAD_JOIN, NULL, NULL},
	{"detach", 0, CT_EFFECT_THREAD_DETACH, CT_EFFECT_THREAD_DETACH, NULL, NULL},
	{"trylock", 0, CT_EFFECT_ACQUIRE, CT_EFFECT_SEM_WAIT, "try", NULL},
	{"atomic", 0, CT_EFFECT_ATOMIC_LOAD, CT_EFFECT_FENCE, NULL, NULL},
	{"sleep", 0, CT_EFFECT_SLEEP, CT_EFFECT_SLEEP, NULL, NULL},
	{"yield", 0, CT_EFFECT_NOTE, CT_EFFECT_NOTE, "yield", NULL},
	{"poll", 0, CT_EFFECT_POLL, CT_EFFECT_POLL, NULL, NULL},
	{"timer", 0, CT_EFFECT_TIMER_ARM, CT_EFFECT_TIMER_ARM, NULL, NULL},
	{"signal", 0, CT_EFFECT_SIGNAL_SEND, CT_EFFECT_SIGNAL_SEND, NULL, NULL},
	{"signal wait", 0, CT_EFFECT_SIGNAL_WAIT, CT_EFFECT_SIGNAL_WAIT, NULL, NULL},
	{"signal handler", 0, CT_EFFECT_HANDLER_ENTER, CT_EFFECT_HANDLER_ENTER, NULL, NULL},
};

#undef OF

enum { THINGS = sizeof(things) / sizeof(things[0]) };

static bool is_thing(const char *name)
{
	for (size_t i = 0; i < THINGS; i++)
		if (strcmp(things[i].name, name) == 0)
			return true;
	return false;
}

size_t ct_use_limit(void)
{
	return THINGS + CT_COUNTED_EVENTS;
}

/* Where a thing and a function have one name, that is the thing's. */
const char *ct_use_name(size_t index)
{
	const struct ct_event_info *info;

	if (index < THINGS)
		return things[index].name;
	info = ct_event_info((uint16_t)(index - THINGS));
	return index < ct_use_limit() && info && ct_event_is_call(info) && !is_thing(info->api)
		       ? info->api
		       : NULL;
}

bool ct_use_is_name(const char *name)
{
	for (size_t i = 0; i < ct_use_limit(); i++) {
		const char *known = ct_use_name(i);

		if (known && strcmp(known, name) == 0)
			return true;
	}
	return false;
}

static bool is_use(const struct thing *thing, const struct ct_event_info *info)
{
	if (thing->kinds || info->effect < thing->first || info->effect > thing->last)
		return false;
	return !thing->word || strstr(info->api, thing->word);
}

static uint64_t count_calls(const struct ct_model *model, const struct thing *thing)
{
	uint64_t calls = 0;

	for (uint16_t id = 0; id < CT_COUNTED_EVENTS; id++) {
		const struct ct_event_info *info = ct_event_info(id);

		if (info && is_use(thing, info))
			calls += model->counts->by_event[id];
	}
	for (unsigned kind = 0; kind < CT_OBJECT_KINDS; kind++)
		if (thing->kinds & UINT32_C(1) << kind)
			calls += model->counts->by_kind[kind];
	return calls;
}

static uint64_t count_objects(const struct ct_model *model, const struct thing *thing)
{
	unsigned kind = 0;

	if (thing->count)
		return thing->count(model);
	if (!thing->kinds)
		return 0;
	while (!(thing->kinds & UINT32_C(1) << kind))
		kind++;
	return ct_counts_objects(model, (enum ct_object_kind)kind);
}

struct ct_use ct_use_of(const struct ct_model *model, size_t index)
{
	struct ct_use use = {.name = ct_use_name(index)};

	if (!use.name || !model->counts)
		return use;
	if (index >= THINGS) {
		use.calls = model->counts->by_event[index - THINGS];
		return use;
	}
	use.has_objects = things[index].kinds || things[index].count;
	use.objects = count_objects(model, &things[index]);
	use.calls = count_calls(model, &things[index]);
	return use;
}
