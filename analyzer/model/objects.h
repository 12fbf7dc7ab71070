#ifndef CT_MODEL_OBJECTS_H
#define CT_MODEL_OBJECTS_H
/*
 * Which object an address means: private to its process, or shared by its place in shared memory,
 * and which life of that address (generation). Private to model/.
 */
#include "model/state.h"

/* The object that lives now where one of that kind would at an address, or NULL: most kinds exclude
 * each other there. Creates nothing. */
struct ct_object_state *ct_objects_find(const struct ct_process *process, uint64_t address,
					enum ct_object_kind kind);

/* The same, or the newest one if it has ended (an ended object may be spoken of). */
struct ct_object_state *ct_objects_newest(const struct ct_process *process, uint64_t address,
					  enum ct_object_kind kind);

/* The object that `thread` uses at an address as a thing of that kind: begins a new life where
 * there is none, or one of another kind. Address 0 has no object: NULL with CT_OK. */
CT_MUST_CHECK enum ct_status ct_objects_use(struct ct_model *model, struct ct_thread *thread,
					    uint64_t address, enum ct_object_kind kind,
					    uint64_t time, struct ct_object_state **out_object);

/* An init: begins a new life unless the object was never used, or is held. */
CT_MUST_CHECK enum ct_status ct_objects_init(struct ct_model *model, struct ct_thread *thread,
					     const struct ct_record *record,
					     enum ct_object_kind kind,
					     struct ct_object_state **out_object);

/* The newest object of a table's address, also an ended one, or NULL. */
struct ct_object_state *ct_object_newest(const struct ct_object_table *table, uint64_t address);

/* A new life at a table's address; what lived there is to be ended before. */
CT_MUST_CHECK enum ct_status ct_object_begin(struct ct_model *model, struct ct_thread *thread,
					     struct ct_object_table *table, uint64_t address,
					     enum ct_object_kind kind, uint64_t time,
					     struct ct_object_state **out_object);

void ct_object_end(struct ct_object_state *object, uint64_t time);
/* Takes an end back: the call that was to destroy it failed. */
CT_MUST_CHECK enum ct_status ct_object_revive(struct ct_object_state *object);

/* Ends the objects in a range of a memory. */
void ct_objects_end_range(struct ct_object_table *table, uint64_t start, uint64_t size,
			  uint64_t time);
/* Ends all private objects of a process: it runs another program now. */
void ct_objects_end_all(struct ct_process_state *process, uint64_t time);

/* Releases what the objects own. */
void ct_objects_fini(struct ct_model *model);

#endif
