#ifndef CT_MODEL_REPEAT_H
#define CT_MODEL_REPEAT_H
/*
 * Threads and places of a trace by the names that they have in every run of the program: the hashes
 * of format/ct_plan.h, which the recorder computes in the same way where it steers a run.
 */
#include <stdint.h>

#include "base/status.h"

struct ct_model;
struct ct_repeat;
struct ct_thread;

/* The model was run, and outlives it. */
CT_MUST_CHECK enum ct_status ct_repeat_new(const struct ct_model *model,
					   struct ct_repeat **out_repeat);
void ct_repeat_free(struct ct_repeat *repeat);

/* How the thread was created, as of this time: an exec changes it. Reads the streams of those that
 * made it. */
CT_MUST_CHECK enum ct_status ct_repeat_path(const struct ct_repeat *repeat,
					    const struct ct_thread *thread, uint64_t time,
					    uint64_t *out_path);

/* The program that the process ran at that time began then. */
uint64_t ct_repeat_image_begin(const struct ct_repeat *repeat, uint32_t process, uint64_t time);

/* The innermost `frames` of a stack; 0: it is not known. */
uint64_t ct_repeat_site(const struct ct_repeat *repeat, uint32_t process, uint32_t stack,
			uint32_t frames);

#endif
