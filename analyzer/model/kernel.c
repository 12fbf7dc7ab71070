#include "model/kernel.h"

#include <inttypes.h>
#include <string.h>

#include "model/given.h"
#include "model/objects.h"

/* What the definitions say; indexes of trace->sockets are told as index + 1. */
struct ct_kernel {
	struct ct_map inodes;	   /* inode: last definition of that socket */
	struct ct_map connections; /* hash of local and peer address: last definition with them */
	struct ct_map outside;	   /* keys of what was open when the trace began */
	size_t *before_of_inode, *before_of_connection;
};

static uint64_t hash_text(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = ct_map_mix(hash ^ (unsigned char)*text);
	return ct_map_mix(hash);
}

static uint64_t hash_of(const char *local, const char *peer)
{
	return hash_text(hash_text(1, local), peer);
}

static enum ct_status chain(struct ct_map *map, uint64_t key, size_t *before, size_t index)
{
	uint64_t last = 0;

	ct_map_get(map, key, &last);
	before[index] = last;
	return ct_map_put(map, key, index + 1);
}

static enum ct_status note_sockets(struct ct_model_state *state, struct ct_kernel *facts)
{
	const struct ct_trace *trace = state->model.trace;
	enum ct_status status = CT_OK;

	facts->before_of_inode = ct_arena_calloc(&state->model.arena, trace->socket_count,
						 sizeof(*facts->before_of_inode));
	facts->before_of_connection = ct_arena_calloc(&state->model.arena, trace->socket_count,
						      sizeof(*facts->before_of_connection));
	if (!facts->before_of_inode || !facts->before_of_connection)
		return CT_ENOMEM;
	for (size_t i = 0; !status && i < trace->socket_count; i++) {
		const struct ct_trace_socket *socket = &trace->sockets[i];

		status = chain(&facts->inodes, socket->inode, facts->before_of_inode, i);
		if (!status && *socket->local && *socket->peer)
			status = chain(&facts->connections, hash_of(socket->local, socket->peer),
				       facts->before_of_connection, i);
	}
	return status;
}

static bool is_root(const struct ct_trace *trace, uint32_t number)
{
	for (size_t i = 0; i < trace->process_count; i++)
		if (trace->processes[i].number == number)
			return trace->processes[i].parent == 0;
	return false;
}

/* What the first process was given by whoever started it. */
static enum ct_status note_outside(struct ct_model_state *state, struct ct_kernel *facts)
{
	const struct ct_trace *trace = state->model.trace;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < trace->fd_count; i++) {
		const struct ct_trace_fd *fd = &trace->fds[i];

		if (fd->image == 0 && is_root(trace, fd->process))
			status = ct_map_put(&facts->outside, fd->inode, 1);
	}
	return status;
}

enum ct_status ct_kernel_prepare(struct ct_model_state *state)
{
	struct ct_kernel *facts = ct_arena_alloc(&state->model.arena, sizeof(*facts));
	enum ct_status status;

	if (!facts)
		return CT_ENOMEM;
	state->kernel_facts = facts;
	status = note_sockets(state, facts);
	return status ? status : note_outside(state, facts);
}

void ct_kernel_fini(struct ct_model_state *state)
{
	struct ct_kernel *facts = state->kernel_facts;

	if (!facts)
		return;
	ct_map_fini(&facts->inodes);
	ct_map_fini(&facts->connections);
	ct_map_fini(&facts->outside);
}

static const struct ct_kernel *facts_of(const struct ct_model *model)
{
	return ct_model_state(model)->kernel_facts;
}

/* The last definition of a socket that has addresses, or NULL. */
static const struct ct_trace_socket *socket_of(const struct ct_model *model, uint64_t inode)
{
	const struct ct_kernel *facts = facts_of(model);
	const struct ct_trace_socket *bound = NULL;
	uint64_t at = 0;

	ct_map_get(&facts->inodes, inode, &at);
	for (; at; at = facts->before_of_inode[at - 1]) {
		const struct ct_trace_socket *socket = &model->trace->sockets[at - 1];

		if (*socket->peer)
			return socket;
		if (!bound && *socket->local)
			bound = socket;
	}
	return bound;
}

/* The other end of a connection, told at the time nearest to this end's. */
static const struct ct_trace_socket *other_end(const struct ct_model *model,
					       const struct ct_trace_socket *socket)
{
	const struct ct_kernel *facts = facts_of(model);
	const struct ct_trace_socket *best = NULL;
	uint64_t at = 0, best_distance = 0;

	if (!*socket->local || !*socket->peer)
		return NULL;
	ct_map_get(&facts->connections, hash_of(socket->peer, socket->local), &at);
	for (; at; at = facts->before_of_connection[at - 1]) {
		const struct ct_trace_socket *other = &model->trace->sockets[at - 1];
		uint64_t distance = other->time > socket->time ? other->time - socket->time
							       : socket->time - other->time;

		if (other->inode == socket->inode || strcmp(other->local, socket->peer) != 0 ||
		    strcmp(other->peer, socket->local) != 0 || (best && distance >= best_distance))
			continue;
		best = other;
		best_distance = distance;
	}
	return best;
}

static bool kind_of(const struct ct_model *model, uint64_t key, enum ct_object_kind said,
		    enum ct_object_kind *out_kind)
{
	static const enum ct_object_kind kinds[] = {
		[CT_KERNEL_EVENTFD] = CT_OBJECT_EVENTFD,
		[CT_KERNEL_EPOLL] = CT_OBJECT_EPOLL,
		[CT_KERNEL_TIMERFD] = CT_OBJECT_TIMERFD,
		[CT_KERNEL_SEM] = CT_OBJECT_SYSV_SEM,
		[CT_KERNEL_SIGNALFD] = CT_OBJECT_SIGNALFD,
		[CT_KERNEL_MSG] = CT_OBJECT_SYSV_MSG,
		[CT_KERNEL_MQ] = CT_OBJECT_MQ,
		[CT_KERNEL_FILE] = CT_OBJECT_FILE,
	};
	enum ct_kernel_class class = CT_KERNEL_CLASS(key);

	if ((size_t) class >= sizeof(kinds) / sizeof(kinds[0]))
		return false;
	*out_kind = kinds[class];
	if (class == CT_KERNEL_SEM && (key & CT_SEM_ALL) == CT_SEM_ALL)
		*out_kind = CT_OBJECT_SYSV_SET;
	if (class == CT_KERNEL_INODE)
		*out_kind =
			said == CT_OBJECT_SOCKET || ct_map_get(&facts_of(model)->inodes, key, NULL)
				? CT_OBJECT_SOCKET
				: CT_OBJECT_PIPE;
	return true;
}

/* "socket to 127.0.0.1:80", "semaphore 2 of set 65536", or what the trace says; NULL: nothing. */
static const char *name_of(struct ct_model *model, const struct ct_thread *thread, uint64_t key,
			   enum ct_object_kind kind)
{
	const struct ct_trace_socket *socket;
	uint64_t id = key & CT_KERNEL_ID_MASK;

	switch (kind) {
	case CT_OBJECT_PIPE: /* only a text trace names them */
		return model->trace->text ? ct_given_name(model, thread->process, key, 0, 0) : NULL;
	case CT_OBJECT_SOCKET:
		socket = socket_of(model, key);
		if (!socket)
			return NULL;
		return *socket->peer
			       ? ct_arena_printf(&model->arena, "socket to %s", socket->peer)
			       : ct_arena_printf(&model->arena, "socket at %s", socket->local);
	case CT_OBJECT_SYSV_SET:
		return ct_arena_printf(&model->arena, "semaphore set %" PRIu64, id >> 16);
	case CT_OBJECT_SYSV_SEM:
		return ct_arena_printf(&model->arena, "semaphore %" PRIu64 " of set %" PRIu64,
				       id & CT_SEM_ALL, id >> 16);
	case CT_OBJECT_SYSV_MSG:
		return ct_arena_printf(&model->arena, "queue %" PRIu64, id);
	default:
		return ct_given_name(model, NULL, key, 0, 0);
	}
}

void ct_kernel_pair(struct ct_object_state *one, struct ct_object_state *other)
{
	one->peer = other;
	other->peer = one;
	one->object.kind = other->object.kind = CT_OBJECT_SOCKET;
}

static void find_peer(const struct ct_model *model, struct ct_object_state *object)
{
	const struct ct_trace_socket *socket = socket_of(model, object->address);
	const struct ct_trace_socket *far = socket ? other_end(model, socket) : NULL;
	struct ct_object_state *peer = far ? ct_kernel_find(model, far->inode) : NULL;

	if (peer && !peer->peer)
		ct_kernel_pair(object, peer);
}

static enum ct_status begin(struct ct_model *model, struct ct_thread *thread, uint64_t key,
			    enum ct_object_kind kind, uint64_t time,
			    struct ct_object_state **out_object)
{
	struct ct_object_table *table = &ct_model_state(model)->kernel;
	struct ct_object_state *before = ct_object_newest(table, key);
	enum ct_status status;

	if (before)
		ct_object_end(before, time);
	status = ct_object_begin(model, thread, table, key, kind, time, out_object);
	if (status)
		return status;
	(*out_object)->object.address = key;
	(*out_object)->object.given_name = name_of(model, thread, key, kind);
	(*out_object)->outside = ct_map_get(&facts_of(model)->outside, key, NULL);
	if (kind == CT_OBJECT_SOCKET)
		find_peer(model, *out_object);
	return CT_OK;
}

struct ct_object_state *ct_kernel_find(const struct ct_model *model, uint64_t key)
{
	return ct_object_newest(&ct_model_state(model)->kernel, key);
}

enum ct_status ct_kernel_use(struct ct_model *model, struct ct_thread *thread, uint64_t key,
			     enum ct_object_kind kind, uint64_t time,
			     struct ct_object_state **out_object)
{
	struct ct_object_state *object = key ? ct_kernel_find(model, key) : NULL;

	*out_object = NULL;
	if (!key || !kind_of(model, key, kind, &kind))
		return CT_OK;
	if (!object || object->ended)
		return begin(model, thread, key, kind, time, out_object);
	if (kind == CT_OBJECT_SOCKET) /* perhaps it was taken for a pipe so far */
		object->object.kind = kind;
	*out_object = object;
	return CT_OK;
}

enum ct_status ct_kernel_init(struct ct_model *model, struct ct_thread *thread,
			      const struct ct_record *record, enum ct_object_kind kind,
			      struct ct_object_state **out_object)
{
	struct ct_object_state *object = NULL;
	enum ct_status status =
		ct_kernel_use(model, thread, record->object, kind, record->time, &object);

	if (!status && object && (object->object.initialised || object->helped_time))
		status = begin(model, thread, record->object, object->object.kind, record->time,
			       &object);
	*out_object = object;
	return status;
}
