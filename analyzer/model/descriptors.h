#ifndef CT_MODEL_DESCRIPTORS_H
#define CT_MODEL_DESCRIPTORS_H
/*
 * Which process holds which end of a pipe, FIFO, socket or counter: a table per process, of the
 * descriptors that it opened, copied, inherited by fork, or had when a program began in it.
 */
#include "model/model.h"

enum ct_end { CT_END_READ = 1, CT_END_WRITE = 2 }; /* bits of `access` */

struct ct_descriptor {
	struct ct_object *object;
	uint32_t fd, access;
	const struct ct_thread *opener; /* of this process or one before; NULL: it was there */
	uint32_t stack;			/* where, id in the opener's process */
	uint64_t time;
	bool inherited; /* from the parent, by fork */
};

struct ct_descriptors {
	struct ct_descriptor *items;
	size_t count, cap;
	struct ct_descriptor closed; /* the last one, in case that its closing fails */
	bool unknown;		     /* it shares them with a process by clone(CLONE_FILES) */
};

/* The `index`th descriptor by which a process can use an end of the object, or NULL. */
const struct ct_descriptor *ct_descriptor_held(const struct ct_process *process,
					       const struct ct_object *object, enum ct_end end,
					       size_t index);

/* Whether a process of the trace has that end open. */
bool ct_end_is_open(const struct ct_model *model, const struct ct_object *object, enum ct_end end);

/* Whether all processes that descend from those of the trace are in it, and all that they do. */
bool ct_all_are_known(const struct ct_model *model);
/* Whether only they reach a kernel object: it was made in the trace, where nobody finds it by a
 * name. */
bool ct_is_nameless(const struct ct_model *model, const struct ct_object *object);

/* Of a step that opens an end: whether its object is surely new, and has no name. */
bool ct_makes_nameless(const struct ct_step *step);

/* Whether descriptors may go from process to process through sockets. */
bool ct_descriptors_may_travel(const struct ct_model *model);

/* For model/ itself: events of descriptors; a child begins with its parent's, an image with what
 * the trace says that it found. */
struct ct_process_state;
CT_MUST_CHECK enum ct_status ct_descriptors_apply(const struct ct_step *step);
CT_MUST_CHECK enum ct_status ct_descriptors_inherit(struct ct_process_state *child,
						    const struct ct_process_state *parent);
CT_MUST_CHECK enum ct_status ct_descriptors_begin(struct ct_model *model,
						  struct ct_process_state *process,
						  struct ct_thread *first, uint64_t time);
void ct_descriptors_fini(struct ct_process_state *process);

#endif
