#include "model/names.h"

#include "base/text.h"
#include "model/given.h"

#include <inttypes.h>
#include <string.h>

/* What is known by name about an object. */
struct object_name {
	const char *brief;
	const char *full;
	const char *origin; /* NULL: not yet asked for */
};

struct kind {
	const char *text;
	const char *letters;   /* of numbered names */
	const char *first_use; /* how it became known, if not by an init */
};

static const struct kind kinds[] = {
	[CT_OBJECT_MUTEX] = {"mutex", "M", "first locked"},
	[CT_OBJECT_RWLOCK] = {"read-write lock", "RW", "first locked"},
	[CT_OBJECT_SPIN] = {"spin lock", "SL", "first locked"},
	[CT_OBJECT_USER_LOCK] = {"lock", "L", "first locked"},
	[CT_OBJECT_COND] = {"condition variable", "CV", "first used"},
	[CT_OBJECT_BARRIER] = {"barrier", "B", "first used"},
	[CT_OBJECT_SEM] = {"semaphore", "S", "first used"},
	[CT_OBJECT_ONCE] = {"once control", "O", "first used"},
	[CT_OBJECT_FUTEX] = {"futex word of a lock that is not libc's", "F", "first used"},
	[CT_OBJECT_ORDER] = {"annotated order", "H", "first used"},
	[CT_OBJECT_PIPE] = {"pipe", "P", "opened"},
	[CT_OBJECT_SOCKET] = {"socket", "SK", "opened"},
	[CT_OBJECT_EVENTFD] = {"eventfd", "E", "opened"},
	[CT_OBJECT_EPOLL] = {"epoll", "EP", "opened"},
	[CT_OBJECT_TIMERFD] = {"timerfd", "TF", "opened"},
	[CT_OBJECT_SIGNALFD] = {"signalfd", "SF", "opened"},
	[CT_OBJECT_SYSV_SET] = {"semaphore set", "SS", "first used"},
	[CT_OBJECT_SYSV_SEM] = {"System V semaphore", "VS", "first used"},
	[CT_OBJECT_SYSV_MSG] = {"System V message queue", "VQ", "first used"},
	[CT_OBJECT_MQ] = {"message queue", "Q", "opened"},
	[CT_OBJECT_FILE] = {"file", "FL", "first locked"},
};

void ct_naming_init(struct ct_naming *naming, const struct ct_model *model,
		    struct ct_symbols *symbols)
{
	memset(naming, 0, sizeof(*naming));
	naming->model = model;
	naming->symbols = symbols;
	ct_arena_init(&naming->arena);
	ct_map_init(&naming->objects);
	ct_map_init(&naming->processes);
	ct_names_init(&naming->taken, &naming->arena);
	ct_map_init(&naming->repeats);
}

void ct_naming_fini(struct ct_naming *naming)
{
	ct_map_fini(&naming->repeats);
	ct_names_fini(&naming->taken);
	ct_map_fini(&naming->processes);
	ct_map_fini(&naming->objects);
	ct_arena_fini(&naming->arena);
}

const char *ct_name_kind(enum ct_object_kind kind)
{
	return kinds[kind].text;
}

static bool starts_with(const char *text, const char *start)
{
	return text && strncmp(text, start, strlen(start)) == 0;
}

/* std::mutex::lock is inlined from a header into the program; libc has files of its own. */
static bool is_system(const struct ct_frame *frame)
{
	/* clang names the headers of gcc by the way there from its own folder. */
	static const char *const files[] = {"/usr/include/", "/usr/lib/", "/usr/bin/../"};
	static const char *const modules[] = {"/lib/", "/lib64/", "/usr/lib/"};

	for (size_t i = 0; i < 3; i++) {
		if (starts_with(frame->file, files[i]) || starts_with(frame->module, modules[i]))
			return true;
	}
	return false;
}

const struct ct_frame *ct_name_own_frame(const struct ct_frame *frames, size_t count)
{
	const struct ct_frame *named = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!frames[i].file && !frames[i].function)
			continue;
		if (!is_system(&frames[i]))
			return &frames[i];
		if (!named)
			named = &frames[i];
	}
	return named;
}

static const struct ct_frame *own_frame_of(struct ct_naming *naming, uint32_t process,
					   uint32_t stack)
{
	const struct ct_frame *frames;
	size_t count;

	if (!naming->symbols)
		return NULL;
	count = ct_symbols_stack(naming->symbols, process, stack, &frames);
	return count ? ct_name_own_frame(frames, count) : NULL;
}

static void add_file(struct ct_text *text, const struct ct_frame *frame)
{
	const char *slash = strrchr(frame->file, '/');

	ct_text_add(text, slash ? slash + 1 : frame->file);
	if (frame->line)
		ct_text_addf(text, ":%d", frame->line);
}

/* The text as a string of the naming's own, and the end of `text`. NULL if memory ran out. */
static const char *keep(struct ct_naming *naming, struct ct_text *text)
{
	const char *result = NULL;

	if (!ct_text_status(text))
		result = ct_arena_strdup(&naming->arena, ct_text_str(text));
	ct_text_fini(text);
	return result;
}

const char *ct_name_place(struct ct_naming *naming, uint32_t process, uint32_t stack)
{
	const struct ct_frame *frame = own_frame_of(naming, process, stack);
	struct ct_text text;

	if (!frame)
		return NULL;
	ct_text_init(&text);
	if (frame->file)
		add_file(&text, frame);
	else
		ct_text_addf(&text, "in %s", frame->function);
	return keep(naming, &text);
}

/* Where its addresses are to be looked up: shared memory has that of who used it first. */
static const struct ct_process *home_of(const struct ct_object *object)
{
	if (object->process)
		return object->process;
	return object->creator ? object->creator->process : NULL;
}

static const char *own_name(struct ct_naming *naming, const struct ct_object *object)
{
	const struct ct_process *home = home_of(object);

	if (object->given_name)
		return object->given_name;
	if (!naming->symbols || !home || ct_kind_is_kernel(object->kind))
		return NULL;
	return ct_symbols_variable(naming->symbols, home->number, object->address, object->time);
}

/* `name`, or `name#2` and so on if other objects have it. NULL if memory ran out. */
static const char *take(struct ct_naming *naming, const char *name)
{
	const char *candidate = name;
	uint64_t number = 1;
	uint32_t base, id;

	if (!ct_names_find(&naming->taken, name, &base)) {
		if (ct_names_intern(&naming->taken, name, &base))
			return NULL;
		return ct_names_text(&naming->taken, base);
	}
	ct_map_get(&naming->repeats, base, &number);
	do {
		candidate = ct_arena_printf(&naming->arena, "%s#%" PRIu64, name, ++number);
		if (!candidate)
			return NULL;
	} while (ct_names_find(&naming->taken, candidate, &id));
	if (ct_map_put(&naming->repeats, base, number) ||
	    ct_names_intern(&naming->taken, candidate, &id))
		return NULL;
	return candidate;
}

/* "M1": one that no variable of the program took before. */
static const char *take_number(struct ct_naming *naming, enum ct_object_kind kind)
{
	const char *candidate;
	uint32_t id;

	do {
		candidate = ct_arena_printf(&naming->arena, "%s%" PRIu32, kinds[kind].letters,
					    ++naming->numbered[kind]);
		if (!candidate)
			return NULL;
	} while (ct_names_find(&naming->taken, candidate, &id));
	return take(naming, candidate);
}

static const char *verb_of(const struct ct_object *object)
{
	if (object->initialised && !ct_kind_is_kernel(object->kind))
		return "initialised";
	return kinds[object->kind].first_use;
}

static const char *with_origin(struct ct_naming *naming, const struct ct_object *object,
			       const char *brief)
{
	const struct ct_frame *frame = NULL;
	struct ct_text text;

	if (object->creator)
		frame = own_frame_of(naming, object->creator->process->number, object->init_stack);
	ct_text_init(&text);
	ct_text_addf(&text, "%s (%s", brief, ct_name_kind(object->kind));
	if (frame) {
		ct_text_addf(&text, " %s %s ", verb_of(object), frame->file ? "at" : "in");
		if (frame->file)
			add_file(&text, frame);
		else
			ct_text_add(&text, frame->function);
	}
	ct_text_addc(&text, ')');
	return keep(naming, &text);
}

static struct object_name *make_name(struct ct_naming *naming, const struct ct_object *object)
{
	struct object_name *name = ct_arena_alloc(&naming->arena, sizeof(*name));
	const char *own = own_name(naming, object);

	if (!name)
		return NULL;
	if (own) {
		name->brief = take(naming, own);
		name->full = name->brief;
	} else {
		name->brief = take_number(naming, object->kind);
		if (name->brief)
			name->full = with_origin(naming, object, name->brief);
	}
	if (!name->full || ct_map_put(&naming->objects, object->id, (uintptr_t)name))
		return NULL;
	return name;
}

static struct object_name *name_of(struct ct_naming *naming, const struct ct_object *object)
{
	uint64_t known;

	if (ct_map_get(&naming->objects, object->id, &known))
		return (struct object_name *)(uintptr_t)known;
	return make_name(naming, object);
}

const char *ct_name_object(struct ct_naming *naming, const struct ct_object *object)
{
	const struct object_name *name = name_of(naming, object);

	return name ? name->full : ct_name_kind(object->kind);
}

const char *ct_name_object_short(struct ct_naming *naming, const struct ct_object *object)
{
	const struct object_name *name = name_of(naming, object);

	return name ? name->brief : ct_name_kind(object->kind);
}

static void add_where(struct ct_naming *naming, const struct ct_object *object,
		      struct ct_text *text)
{
	uint32_t process = object->creator->process->number;
	const struct ct_frame *frame = own_frame_of(naming, process, object->init_stack);

	ct_text_addf(text, ", %s", verb_of(object));
	if (frame && frame->function)
		ct_text_addf(text, " in %s", frame->function);
	if (frame && frame->file) {
		ct_text_add(text, " at ");
		add_file(text, frame);
	}
	ct_text_addf(text, " by %s", ct_name_thread(naming, object->creator));
}

static const char *make_origin(struct ct_naming *naming, const struct ct_object *object)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_text_add(&text, ct_name_kind(object->kind));
	/* The addresses of a text trace are numbers that its reader made up. */
	if (object->kind == CT_OBJECT_PIPE || object->kind == CT_OBJECT_SOCKET)
		ct_text_addf(&text, " with inode %" PRIu64, object->address);
	else if (ct_kind_is_kernel(object->kind))
		ct_text_addf(&text, " %" PRIu64, object->address & CT_KERNEL_ID_MASK);
	else if (!naming->model->trace->text)
		ct_text_addf(&text, " at 0x%" PRIx64, object->address);
	if (object->creator)
		add_where(naming, object, &text);
	if (!object->process)
		ct_text_add(&text, ", shared between processes");
	else
		ct_text_addf(&text, ", private to %s", ct_name_process(naming, object->process));
	return keep(naming, &text);
}

const char *ct_name_object_origin(struct ct_naming *naming, const struct ct_object *object)
{
	struct object_name *name = name_of(naming, object);

	if (name && !name->origin)
		name->origin = make_origin(naming, object);
	return name && name->origin ? name->origin : ct_name_kind(object->kind);
}

const char *ct_name_variable(struct ct_naming *naming, const struct ct_process *process,
			     uint64_t variable)
{
	if (!naming->model->trace->text)
		return NULL;
	return ct_given_name(naming->model, process, variable, UINT64_MAX, 0);
}

const char *ct_name_thread(struct ct_naming *naming, const struct ct_thread *thread)
{
	(void)naming;
	return thread->name ? thread->name : "a thread";
}

/* After fork, several processes run one program; the model tells its threads by pid too. */
static const char *make_process_name(struct ct_naming *naming, const struct ct_process *process)
{
	const char *name = process->name ? process->name : "process";

	if (naming->model->process_count <= 1)
		return name;
	return ct_arena_printf(&naming->arena, "%s (pid %" PRIu32 ")", name, process->pid);
}

const char *ct_name_process(struct ct_naming *naming, const struct ct_process *process)
{
	const char *name;
	uint64_t known;

	if (ct_map_get(&naming->processes, process->number, &known))
		return (const char *)(uintptr_t)known;
	name = make_process_name(naming, process);
	if (!name || ct_map_put(&naming->processes, process->number, (uintptr_t)name))
		return "a process";
	return name;
}
