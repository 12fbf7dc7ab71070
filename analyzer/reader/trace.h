#ifndef CT_READER_TRACE_H
#define CT_READER_TRACE_H
/*
 * What the forms of a trace (CTF folder, STD text) share: how a struct ct_trace is filled.
 * Private to reader/. Strings and frames live in the trace's arena.
 */
#include "base/arena.h"
#include "base/map.h"
#include "reader/layout.h"
#include "reader/reader.h"

/* Beyond these, problems are only counted in one last line: a hostile file could list millions. */
#define CT_PROBLEMS_MAX 1000u

struct ct_event;

/* What a form does; `cursor` is its own. */
struct ct_form {
	enum ct_status (*stream_open)(struct ct_trace *trace, size_t thread, void **out_cursor);
	bool (*stream_next)(void *cursor, struct ct_record *out_record);
	void (*stream_close)(void *cursor);
	enum ct_status (*each_event)(struct ct_trace *trace,
				     enum ct_status (*visit)(void *state,
							     const struct ct_event *event),
				     void *state);
	void (*free)(void *form_data);
};

/* The reader's part of a trace: its private_data. */
struct ct_reader {
	struct ct_arena arena;
	const struct ct_form *form;
	void *form_data;
	uint64_t max_bytes; /* of records to be read, 0: all */
	struct ct_layouts layouts;
	struct ct_trace_stack *stacks;
	size_t stack_count;
	struct ct_map stack_index;   /* process << 32 | stack id: index in `stacks` */
	struct ct_names problem_set; /* so that reading twice tells a problem once */
	size_t process_cap, module_cap, map_cap, name_cap, fd_cap, thread_cap;
	size_t text_init_cap, stack_cap, problem_cap, socket_cap, unseen_cap;
	size_t image_cap, instrumented_cap;
};

static inline struct ct_reader *ct_reader_of(const struct ct_trace *trace)
{
	return trace->private_data;
}

CT_MUST_CHECK enum ct_status ct_trace_new(const char *path, struct ct_trace **out_trace);

/* Appends a copy of `item` to an array of the trace; `pointer_to_array` as for ct_vec_grow. */
CT_MUST_CHECK enum ct_status ct_trace_append(void *pointer_to_array, size_t *count, size_t *cap,
					     const void *item, size_t item_size);

/* CT_EFORMAT when the stack is known already. */
CT_MUST_CHECK enum ct_status ct_trace_add_stack(struct ct_trace *trace, uint32_t process,
						uint32_t stack, const struct ct_trace_stack *item);

/* Notes "FILE: byte N: what". Without memory it is lost, as nothing better can be done. */
void ct_trace_problem(struct ct_trace *trace, const char *file, uint64_t offset, const char *fmt,
		      ...) CT_PRINTF(4, 5);

/* The two forms; `fd` is an open regular file (or pipe), or a folder, and stays the caller's. */
CT_MUST_CHECK enum ct_status ct_std_read(struct ct_trace *trace, int fd, struct ct_error *error);
CT_MUST_CHECK enum ct_status ct_ctf_read(struct ct_trace *trace, int dir_fd,
					 struct ct_error *error);

#endif
