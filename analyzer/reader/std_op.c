#include "reader/std.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How the text in parentheses is meant. */
enum form {
	FORM_OBJECT,  /* a name */
	FORM_THREAD,  /* a thread */
	FORM_COND,    /* condition.mutex */
	FORM_BYTES,   /* pipe.bytes */
	FORM_REQUEST, /* see request() */
};

struct op {
	const char *name;
	enum form form;
	enum ct_std_kind kind;
	uint16_t event, flags;
};

static const struct op ops[] = {
	{"r", FORM_OBJECT, CT_STD_VARIABLE, CT_EV_ACCESS_READ, 0},
	{"w", FORM_OBJECT, CT_STD_VARIABLE, CT_EV_ACCESS_WRITE, 0},
	{"acq", FORM_OBJECT, CT_STD_LOCK, CT_EV_MUTEX_LOCK, 0},
	{"rel", FORM_OBJECT, CT_STD_LOCK, CT_EV_MUTEX_UNLOCK, 0},
	{"fork", FORM_THREAD, 0, CT_EV_THREAD_CREATE, 0},
	{"join", FORM_THREAD, 0, CT_EV_THREAD_JOIN, 0},
	{"tacq", FORM_OBJECT, CT_STD_LOCK, CT_EV_MUTEX_TRYLOCK, CT_F_TRY},
	{"tfail", FORM_OBJECT, CT_STD_LOCK, CT_EV_FAIL, 0},
	{"tmacq", FORM_OBJECT, CT_STD_LOCK, CT_EV_MUTEX_TIMEDLOCK, CT_F_TIMED},
	{"racq", FORM_OBJECT, CT_STD_LOCK, CT_EV_RWLOCK_RDLOCK, 0},
	{"rrel", FORM_OBJECT, CT_STD_LOCK, CT_EV_RWLOCK_UNLOCK, 0},
	{"wait", FORM_COND, CT_STD_COND, CT_EV_COND_WAIT, CT_F_REQUEST},
	{"wake", FORM_COND, CT_STD_COND, CT_EV_COND_WAIT, CT_F_BLOCKED},
	{"sig", FORM_OBJECT, CT_STD_COND, CT_EV_COND_SIGNAL, 0},
	{"bcast", FORM_OBJECT, CT_STD_COND, CT_EV_COND_BROADCAST, 0},
	{"post", FORM_OBJECT, CT_STD_SEM, CT_EV_SEM_POST, 0},
	{"swait", FORM_OBJECT, CT_STD_SEM, CT_EV_SEM_WAIT, 0},
	{"barin", FORM_OBJECT, CT_STD_BARRIER, CT_EV_BARRIER_WAIT, CT_F_REQUEST},
	{"barout", FORM_OBJECT, CT_STD_BARRIER, CT_EV_BARRIER_WAIT, CT_F_BLOCKED},
	{"pw", FORM_BYTES, CT_STD_PIPE, CT_EV_WRITE, 0},
	{"pr", FORM_BYTES, CT_STD_PIPE, CT_EV_READ, 0},
	{"req", FORM_REQUEST, 0, 0, CT_F_REQUEST},
};

/* Requests that name their kind: req(kind:object:helpers). Others count as reading. */
static const struct op named_requests[] = {
	{"pr", FORM_OBJECT, CT_STD_PIPE, CT_EV_READ, CT_F_REQUEST},
	{"pw", FORM_OBJECT, CT_STD_PIPE, CT_EV_WRITE, CT_F_REQUEST},
	{"swait", FORM_OBJECT, CT_STD_SEM, CT_EV_SEM_WAIT, CT_F_REQUEST},
	{"wait", FORM_OBJECT, CT_STD_COND, CT_EV_COND_WAIT, CT_F_REQUEST},
	{"join", FORM_THREAD, 0, CT_EV_THREAD_JOIN, CT_F_REQUEST},
};

/* The parts of a line, and where it stands. */
struct line {
	struct ct_std *std;
	const struct ct_std_place *place;
	struct ct_error *error;
	const char *text;	       /* from here columns count */
	const char *thread, *op, *arg; /* terminated */
	const char *location;	       /* NULL: none was given */
};

static enum ct_status bad(const struct line *line, const char *at, const char *what)
{
	ct_std_bad(line->std, line->place, (size_t)(at - line->text), line->error, "%s: \"%.60s\"",
		   what, at);
	return CT_EFORMAT;
}

static enum ct_status split(char *text, struct line *out)
{
	char *bar, *open, *close;

	out->text = text;
	out->thread = text + strspn(text, " \t");
	bar = strchr(text, '|');
	if (!bar || bar == out->thread)
		return bad(out, text, "expected THREAD|op(argument)|location");
	open = bar + 1;
	out->op = open;
	bar[0] = '\0';
	bar = strchr(open, '|');
	out->location = bar && bar[1] ? bar + 1 : NULL;
	if (bar)
		*bar = '\0';
	close = open + strlen(open);
	if (close == open || close[-1] != ')' || !strchr(open, '('))
		return bad(out, open, "expected op(argument)");
	close[-1] = '\0';
	open = strchr(open, '(');
	*open = '\0';
	out->arg = open + 1;
	return *out->arg ? CT_OK : bad(out, out->op, "an empty argument of");
}

/* The number of a thread's name of `len` bytes, a new one if need be. */
static enum ct_status thread_number(struct ct_std *std, const char *name, size_t len,
				    uint32_t *out_thread)
{
	char key[CT_STD_LINE_MAX + 1];
	enum ct_status status;
	uint32_t id;

	memcpy(key, name, len);
	key[len] = '\0';
	status = ct_names_intern(&std->threads, key, &id);
	if (status == CT_OK)
		*out_thread = id + 1;
	return status;
}

static enum ct_status thread_arg(struct ct_std *std, const char *name, uint64_t *out_object)
{
	uint32_t thread;
	enum ct_status status = thread_number(std, name, strlen(name), &thread);

	if (status == CT_OK)
		*out_object = thread;
	return status;
}

/* condition.mutex */
static enum ct_status cond_arg(const struct line *line, struct ct_std_event *event)
{
	const char *dot = strrchr(line->arg, '.');
	enum ct_status status;

	if (!dot || dot == line->arg || !dot[1])
		return bad(line, line->arg, "expected condition.mutex");
	status = ct_std_object(line->std, CT_STD_COND, line->arg, (size_t)(dot - line->arg),
			       &event->object);
	if (status)
		return status;
	return ct_std_object(line->std, CT_STD_LOCK, dot + 1, strlen(dot + 1), &event->arg);
}

/* pipe.bytes */
static enum ct_status bytes_arg(const struct line *line, struct ct_std_event *event)
{
	const char *dot = strrchr(line->arg, '.');
	char *end;

	if (!dot || dot == line->arg || dot[1] < '0' || dot[1] > '9')
		return bad(line, line->arg, "expected pipe.bytes");
	errno = 0;
	event->arg = strtoull(dot + 1, &end, 10);
	if (errno || *end)
		return bad(line, dot + 1, "not a number of bytes");
	return ct_std_object(line->std, CT_STD_PIPE, line->arg, (size_t)(dot - line->arg),
			     &event->object);
}

/* A list of threads, "T0,T1"; its number goes to event->arg. */
static enum ct_status helpers_arg(const struct line *line, const char *list,
				  struct ct_std_event *event)
{
	struct ct_std *std = line->std;
	struct ct_arena *arena = &ct_reader_of(std->trace)->arena;
	struct ct_std_helpers helpers = {0};
	enum ct_status status;
	size_t most = 1;

	for (const char *c = list; *c; c++)
		most += *c == ',';
	helpers.threads = ct_arena_calloc(arena, most, sizeof(*helpers.threads));
	if (!helpers.threads)
		return CT_ENOMEM;
	while (*list) {
		size_t len = strcspn(list, ",");

		if (!len)
			return bad(line, list, "expected threads, like T1,T2");
		status = thread_number(std, list, len, &helpers.threads[helpers.count]);
		if (status)
			return status;
		helpers.count++;
		list += len + (list[len] == ',');
	}
	status = ct_trace_append(&std->helpers, &std->helper_count, &std->helper_cap, &helpers,
				 sizeof(helpers));
	event->arg = std->helper_count;
	return status;
}

static const struct op *find_op(const struct op *table, size_t count, const char *name, size_t len)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(table[i].name) == len && memcmp(table[i].name, name, len) == 0)
			return &table[i];
	return NULL;
}

/* req(kind:object) or req(kind:object:T1,T2) */
static enum ct_status named_request(const struct line *line, struct ct_std_event *event)
{
	size_t kind_len = strcspn(line->arg, ":");
	const char *object = line->arg + kind_len + 1;
	size_t len = strcspn(object, ":");
	const struct op *op =
		find_op(named_requests, sizeof(named_requests) / sizeof(*ops), line->arg, kind_len);
	enum ct_status status;

	if (!op)
		op = &named_requests[0];
	if (!len)
		return bad(line, line->arg, "expected kind:object:threads");
	event->event = op->event;
	if (op->form == FORM_THREAD)
		return thread_arg(line->std, object, &event->object);
	status = ct_std_object(line->std, op->kind, object, len, &event->object);
	if (status || op->event == CT_EV_COND_WAIT)
		return status;
	return helpers_arg(line, object + len + (object[len] == ':'), event);
}

/* What a blocked request asks for; a bare name is a lock unless it is known as something else. */
static enum ct_status request(const struct line *line, struct ct_std_event *event)
{
	struct ct_std *std = line->std;
	size_t len = strlen(line->arg);
	enum ct_std_kind kind = CT_STD_LOCK;

	if (strchr(line->arg, ':'))
		return named_request(line, event);
	event->event = CT_EV_MUTEX_LOCK;
	if (!ct_std_known(std, CT_STD_LOCK, line->arg, len) &&
	    ct_std_known(std, CT_STD_SEM, line->arg, len)) {
		kind = CT_STD_SEM;
		event->event = CT_EV_SEM_WAIT;
	}
	return ct_std_object(std, kind, line->arg, len, &event->object);
}

static enum ct_status object_arg(const struct line *line, const struct op *op,
				 struct ct_std_event *event)
{
	enum ct_status status =
		ct_std_object(line->std, op->kind, line->arg, strlen(line->arg), &event->object);

	if (status)
		return status;
	if (op->kind == CT_STD_VARIABLE) {
		event->arg = 1;
		line->std->trace->some_accesses = true;
	}
	if (op->event == CT_EV_FAIL)
		event->arg = EBUSY | (uint64_t)CT_EV_MUTEX_TRYLOCK << 32;
	if (op->event == CT_EV_RWLOCK_RDLOCK || op->event == CT_EV_RWLOCK_UNLOCK)
		return ct_map_put(&line->std->rwlocks, event->object, 1);
	return CT_OK;
}

static enum ct_status read_arg(const struct line *line, const struct op *op,
			       struct ct_std_event *event)
{
	switch (op->form) {
	case FORM_THREAD:
		return thread_arg(line->std, line->arg, &event->object);
	case FORM_COND:
		return cond_arg(line, event);
	case FORM_BYTES:
		return bytes_arg(line, event);
	case FORM_REQUEST:
		return request(line, event);
	case FORM_OBJECT:
		break;
	}
	return object_arg(line, op, event);
}

/* A bare number means little without its file; anything else is taken as it is. */
static enum ct_status location(const struct line *line, uint32_t *out_stack)
{
	const char *slash = strrchr(line->std->trace->path, '/');
	const char *file = slash ? slash + 1 : line->std->trace->path;
	const char *given = line->location;
	char text[CT_STD_LINE_MAX + 512];
	enum ct_status status;
	uint32_t id;

	if (!given)
		snprintf(text, sizeof(text), "%.255s:%" PRIu64, file, line->place->line);
	else if (given[strspn(given, "0123456789")] == '\0')
		snprintf(text, sizeof(text), "%.255s:%s", file, given);
	else
		snprintf(text, sizeof(text), "%s", given);
	status = ct_names_intern(&line->std->locations, text, &id);
	if (status == CT_OK)
		*out_stack = id + 1;
	return status;
}

/* Appends the event and links it to the thread's one before. */
static enum ct_status add(struct ct_std *std, const struct ct_std_event *event)
{
	enum ct_status status;
	struct ct_std_thread *ends;
	uint32_t number;

	status = ct_trace_append(&std->events, &std->event_count, &std->event_cap, event,
				 sizeof(*event));
	while (status == CT_OK && std->end_count < event->thread)
		status = ct_trace_append(&std->ends, &std->end_count, &std->end_cap,
					 &(struct ct_std_thread){0}, sizeof(*ends));
	if (status)
		return status;
	number = (uint32_t)std->event_count;
	ends = &std->ends[event->thread - 1];
	if (ends->last)
		std->events[ends->last - 1].next = number;
	else
		ends->first = number;
	ends->last = number;
	return CT_OK;
}

enum ct_status ct_std_event_line(struct ct_std *std, char *text, const struct ct_std_place *place,
				 struct ct_error *error)
{
	struct line line = {.std = std, .place = place, .error = error};
	struct ct_std_event event = {0};
	const struct op *op;
	enum ct_status status = split(text, &line);

	if (status)
		return status;
	op = find_op(ops, sizeof(ops) / sizeof(ops[0]), line.op, strlen(line.op));
	if (!op)
		return bad(&line, line.op, "unknown operation");
	if (std->event_count >= CT_STD_EVENTS_MAX)
		return bad(&line, line.text, "too many events");
	event.event = op->event;
	event.flags = op->flags;
	status = thread_number(std, line.thread, strlen(line.thread), &event.thread);
	if (status == CT_OK)
		status = read_arg(&line, op, &event);
	if (status == CT_OK)
		status = location(&line, &event.stack);
	return status ? status : add(std, &event);
}
