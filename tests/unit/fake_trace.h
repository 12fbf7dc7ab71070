#ifndef CT_TESTS_FAKE_TRACE_H
#define CT_TESTS_FAKE_TRACE_H
/*
 * A trace made in memory, record by record, for tests of what stands above the reader. Failing
 * allocations abort.
 */
#include "model/state.h"
#include "reader/trace.h"

struct fake_record {
	struct ct_record record;
	unsigned char *payload;
};

struct fake_stream {
	struct fake_record *records;
	size_t count, cap, next;
};

struct fake_trace {
	struct ct_trace trace;
	struct ct_reader reader;     /* knows no stacks */
	struct fake_stream *streams; /* by thread */
	struct ct_model *model;	     /* after fake_run */
};

/* One process, number 1, pid 100, "./prog", at time 0; a second is 1,000,000,000 ticks. */
struct fake_trace *fake_new(void);
void fake_free(struct fake_trace *fake);

/* pid is 99 + number; `creator` is a thread number in the parent. */
void fake_process(struct fake_trace *fake, uint32_t number, uint32_t parent, uint32_t creator,
		  uint64_t time, const char *command);
/* Returns the thread's index; threads are to be added by process, then number. */
size_t fake_thread(struct fake_trace *fake, uint32_t process, uint32_t number);
void fake_map(struct fake_trace *fake, const struct ct_trace_map *map);
void fake_name(struct fake_trace *fake, const struct ct_trace_name *name);

/* What process 1 tells of a socket. */
void fake_socket(struct fake_trace *fake, uint64_t time, uint64_t inode, const char *local,
		 const char *peer);
/* It was open when the first image of process 1 began. */
void fake_fd(struct fake_trace *fake, uint64_t key);

/* A record with the payload of object and argument; its stack is its time. */
void fake_event(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		uint16_t flags, uint64_t object, uint64_t arg);
void fake_payload(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t event,
		  const void *payload, size_t size);
void fake_start(struct fake_trace *fake, size_t thread, uint64_t time, uint64_t pthread,
		uint32_t creator);
void fake_fail(struct fake_trace *fake, size_t thread, uint64_t time, uint16_t call,
	       uint64_t object, uint32_t error);

/* For ct_order_new and ct_model_new_from. */
struct ct_order_source fake_source(struct fake_trace *fake);
/* The model of the trace, not run yet; owned by the fake. */
struct ct_model *fake_model(struct fake_trace *fake);
/* Makes the model and runs it with one observer, which may be NULL. */
struct ct_model *fake_run(struct fake_trace *fake, struct ct_observer *observer);

#endif
