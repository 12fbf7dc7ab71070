/*
 * The wait-for graph: solid arrows lead from a thread to what it waits for, dashed ones from there
 * to who has it or could give it.
 */
#include "report/graphs.h"

#include <stdlib.h>

#include "model/waitfor.h"
#include "report/graph_maker.h"
#include "report/words.h"

#define NO_NODE UINT32_MAX

struct picture {
	const struct ct_waitfor *waitfor;
	struct ct_graph_maker maker;
	uint32_t *threads;    /* by id: node, or NO_NODE */
	struct ct_map groups; /* process number: cluster */
	struct ct_map hot;    /* object id << 32 | id of its holder: to be highlighted */
};

static bool is_hot(const struct picture *picture, const struct ct_waitfor_edge *edge)
{
	return picture->waitfor->cycle_count ? edge->in_cycle : edge->in_knot;
}

static uint64_t hot_key(const struct ct_object *object, const struct ct_thread *holder)
{
	return (uint64_t)object->id << 32 | holder->id;
}

static bool lives(const struct ct_thread *thread)
{
	return thread->started && !thread->exited && !thread->process->exited;
}

/* What could end a wait of that kind. */
static const char *help_for(enum ct_wait_kind kind)
{
	switch (kind) {
	case CT_WAIT_COND:
		return "could be signalled by";
	case CT_WAIT_SEM:
		return "could be posted by";
	case CT_WAIT_FILE_LOCK:
		return "locked by";
	case CT_WAIT_FUTEX:
		return "could be woken by";
	case CT_WAIT_BARRIER:
		return "not yet reached by";
	case CT_WAIT_READ:
		return "could be written by";
	case CT_WAIT_WRITE:
		return "could be read by";
	case CT_WAIT_ONCE:
		return "initialised by";
	case CT_WAIT_DESTROY:
		return "waited for by";
	default:
		return "could be ended by";
	}
}

static enum ct_status group_of(struct picture *picture, const struct ct_process *process,
			       int32_t *out_cluster)
{
	struct ct_graph_cluster cluster = {.parent = CT_GRAPH_NO_CLUSTER};
	enum ct_status status;
	uint64_t known;

	if (ct_map_get(&picture->groups, process->number, &known)) {
		*out_cluster = (int32_t)known;
		return CT_OK;
	}
	/* A text trace does not say what ran. */
	cluster.label =
		*process->command ? ct_name_process(picture->maker.naming, process) : "the program";
	status = ct_graph_add_cluster(picture->maker.graph, &cluster, out_cluster);
	return status ? status
		      : ct_map_put(&picture->groups, process->number, (uint64_t)*out_cluster);
}

static enum ct_status thread_node(struct picture *picture, const struct ct_thread *thread,
				  uint32_t *out_node)
{
	struct ct_graph_node node = {.shape = CT_GRAPH_ELLIPSE};
	enum ct_status status = CT_OK;

	if (picture->threads[thread->id] == NO_NODE) {
		ct_text_reset(&picture->maker.label);
		ct_text_add(&picture->maker.label, ct_name_thread(picture->maker.naming, thread));
		if (thread->exited || thread->process->exited)
			ct_text_add(&picture->maker.label, "\n(ended)");
		node.label = ct_text_str(&picture->maker.label);
		status = ct_text_status(&picture->maker.label);
		if (!status)
			status = group_of(picture, thread->process, &node.cluster);
		if (!status)
			status = ct_graph_add_node(picture->maker.graph, &node,
						   &picture->threads[thread->id]);
	}
	*out_node = picture->threads[thread->id];
	return status;
}

/* What may end a wait that is for something beside the trace. */
static const char *outside_of(enum ct_wait_kind kind)
{
	switch (kind) {
	case CT_WAIT_SLEEP:
		return "time";
	case CT_WAIT_SIGNAL:
		return "a signal";
	default:
		return "outside of the trace";
	}
}

/* What the far end of an edge is drawn as. A process is its main thread; one of which no thread
 * was recorded, and nobody, get a node of their own. */
static enum ct_status end_node(struct picture *picture, const struct ct_waitfor_edge *edge,
			       uint32_t *out_node)
{
	const struct ct_process *process = edge->process;
	struct ct_graph_node node = {.shape = CT_GRAPH_BOX, .cluster = CT_GRAPH_NO_CLUSTER};

	if (edge->to)
		return thread_node(picture, edge->to, out_node);
	if (process && process->thread_count)
		return thread_node(picture, process->threads[0], out_node);
	if (process)
		node.label = ct_name_process(picture->maker.naming, process);
	else
		node.label = edge->why == CT_WAITFOR_OUTSIDE ? outside_of(edge->from->wait.kind)
							     : "nobody";
	return ct_graph_add_node(picture->maker.graph, &node, out_node);
}

/* An edge labelled with what it means and, where that is known, the place in the program. */
static enum ct_status connect(struct picture *picture, struct ct_graph_edge edge,
			      const char *meaning, const struct ct_thread *thread, uint32_t stack)
{
	struct ct_graph *graph = picture->maker.graph;

	if (edge.highlighted)
		graph->nodes[edge.from].highlighted = graph->nodes[edge.to].highlighted = true;
	ct_text_reset(&picture->maker.label);
	ct_text_add(&picture->maker.label, meaning);
	ct_graph_maker_place(&picture->maker, thread, stack, "\n", "\nin ");
	return ct_graph_maker_edge(&picture->maker, edge);
}

/* Of a poll, the edge says which of its objects somebody could help with. */
static enum ct_status start_node(struct picture *picture, const struct ct_waitfor_edge *edge,
				 uint32_t *node)
{
	if (edge->from->wait.kind != CT_WAIT_POLL || !edge->object)
		return CT_OK;
	return ct_graph_maker_object(&picture->maker, edge->object, node);
}

static const char *words_of(const struct ct_waitfor_edge *edge)
{
	if (edge->why == CT_WAITFOR_HOLDS || edge->why == CT_WAITFOR_ORPHAN)
		return "held by";
	return edge->why == CT_WAITFOR_AHEAD ? "lets in first" : help_for(edge->from->wait.kind);
}

/* From what is waited for (`from`, a thread if there is no object) to who could end the wait.
 * What a thread holds is drawn with that thread. */
static enum ct_status add_end(struct picture *picture, const struct ct_waitfor_edge *edge,
			      uint32_t from)
{
	const struct ct_wait *wait = &edge->from->wait;
	struct ct_graph_edge drawn = {.from = from, .highlighted = is_hot(picture, edge)};
	enum ct_status status = end_node(picture, edge, &drawn.to);
	bool direct = wait->kind == CT_WAIT_JOIN || wait->kind == CT_WAIT_CHILD ||
		      wait->kind == CT_WAIT_SLEEP || wait->kind == CT_WAIT_SIGNAL;

	if (!status)
		status = start_node(picture, edge, &drawn.from);
	if (status)
		return status;
	if (edge->why == CT_WAITFOR_HOLDS && edge->held && edge->to)
		return drawn.highlighted
			       ? ct_map_put(&picture->hot, hot_key(edge->object, edge->to), 1)
			       : CT_OK;
	drawn.style = direct ? CT_GRAPH_SOLID : CT_GRAPH_DASHED;
	if (direct)
		return connect(picture, drawn, ct_words_wait(wait), edge->from, wait->stack);
	return connect(picture, drawn, words_of(edge), edge->from, 0);
}

static bool any_hot(const struct picture *picture, const struct ct_waitfor_edge *edges,
		    size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_hot(picture, &edges[i]))
			return true;
	return false;
}

/* From the thread to all that it polls. */
static enum ct_status add_polled(struct picture *picture, const struct ct_thread *thread,
				 uint32_t node)
{
	const struct ct_wait *wait = &thread->wait;
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < wait->object_count; i++) {
		struct ct_graph_edge drawn = {.from = node};

		status = ct_graph_maker_object(&picture->maker, wait->objects[i], &drawn.to);
		if (!status)
			status = connect(picture, drawn, ct_words_wait(wait), thread, wait->stack);
	}
	return status;
}

static enum ct_status add_wait(struct picture *picture, const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;
	struct ct_graph_edge drawn = {0};
	size_t count;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(picture->waitfor, thread, &count);
	enum ct_status status = thread_node(picture, thread, &drawn.from);

	drawn.to = drawn.from;
	if (!status && wait->kind == CT_WAIT_POLL) {
		status = add_polled(picture, thread, drawn.from);
	} else if (!status && wait->object) {
		drawn.highlighted = any_hot(picture, edges, count);
		status = ct_graph_maker_object(&picture->maker, wait->object, &drawn.to);
		if (!status)
			status = connect(picture, drawn, ct_words_wait(wait), thread, wait->stack);
	}
	for (size_t i = 0; !status && i < count; i++)
		status = add_end(picture, &edges[i], drawn.to);
	return status;
}

static enum ct_status add_held(struct picture *picture, const struct ct_thread *thread)
{
	enum ct_status status = CT_OK;

	for (size_t i = 0; !status && i < thread->held_count; i++) {
		const struct ct_held_lock *held = &thread->held[i];
		struct ct_graph_edge drawn = {.style = CT_GRAPH_DASHED};

		drawn.highlighted = ct_map_get(&picture->hot, hot_key(held->object, thread), NULL);
		status = ct_graph_maker_object(&picture->maker, held->object, &drawn.from);
		if (!status)
			status = thread_node(picture, thread, &drawn.to);
		if (!status)
			status = connect(picture, drawn, "held by", thread, held->stack);
	}
	return status;
}

static enum ct_status draw(struct picture *picture)
{
	const struct ct_model *model = picture->waitfor->model;
	enum ct_status status = CT_OK;
	uint32_t node;

	for (size_t i = 0; i < model->thread_count; i++)
		picture->threads[i] = NO_NODE;
	for (size_t i = 0; !status && i < model->thread_count; i++)
		if (lives(model->threads[i]))
			status = thread_node(picture, model->threads[i], &node);
	for (size_t i = 0; !status && i < model->thread_count; i++)
		if (model->threads[i]->wait.kind != CT_WAIT_NONE)
			status = add_wait(picture, model->threads[i]);
	for (size_t i = 0; !status && i < model->thread_count; i++)
		status = add_held(picture, model->threads[i]);
	return status;
}

enum ct_status ct_graph_wait_for(const struct ct_waitfor *waitfor, struct ct_naming *naming,
				 struct ct_graph *out)
{
	struct picture picture = {.waitfor = waitfor};
	enum ct_status status = CT_ENOMEM;

	ct_map_init(&picture.groups);
	ct_map_init(&picture.hot);
	ct_graph_maker_begin(&picture.maker, naming, out);
	picture.threads = calloc(waitfor->model->thread_count + 1, sizeof(*picture.threads));
	if (picture.threads)
		status = draw(&picture);
	free(picture.threads);
	ct_graph_maker_end(&picture.maker);
	ct_map_fini(&picture.hot);
	ct_map_fini(&picture.groups);
	return status;
}

static enum ct_status build(struct ct_model *model, struct ct_naming *naming, struct ct_graph *out,
			    struct ct_error *error)
{
	struct ct_waitfor *waitfor;
	enum ct_status status = ct_model_run(model, NULL, 0, error);

	if (status)
		return status;
	status = ct_waitfor_new(model, &waitfor);
	if (status)
		return ct_error_set(error, status, "%s", ct_status_text(status));
	status = ct_waitfor_stuck(waitfor);
	if (!status)
		status = ct_graph_wait_for(waitfor, naming, out);
	ct_waitfor_free(waitfor);
	return status ? ct_error_set(error, status, "%s", ct_status_text(status)) : CT_OK;
}

const struct ct_graph_kind ct_graph_kind_wait_for = {
	.name = "wait-for",
	.title = "wait-for: from each thread to what it waits for, and from there to who has it",
	.build = build,
};
