#ifndef CT_RECORD_THREAD_H
#define CT_RECORD_THREAD_H
/* A thread's first and last record. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ct_process;
struct ct_recorder;

/* What ct_self is before a thread's first record, and when it will never have one again. Neither is
 * ever written to. */
extern struct ct_recorder ct_recorder_none, ct_recorder_off;

/* Once per address space: how the end of a thread is noticed. */
void ct_thread_init(void);
/* Recorder and start record of a process's first thread. stack_high 0: unknown, as it is unless the
 * process was forked. False: none could be had. */
bool ct_thread_begin_main(struct ct_process *process, uintptr_t stack_low, uintptr_t stack_high);
/* The number of a thread that is about to be created. */
uint32_t ct_thread_number(void);
/* In a new thread: its recorder and start record. `creator` and `stack_size` may be 0: unknown;
 * the stack is taken to end at `stack_high`. */
void ct_thread_begin(uint32_t number, uint32_t creator, uintptr_t stack_high, size_t stack_size);
/* Names the calling thread; the text is copied. */
void ct_thread_name(const char *name);
/* A thread's last record, with the resources it used; its lane goes to the next thread. */
void ct_thread_end(void);
/* The process's last record; ct_process_close() must follow. */
void ct_thread_end_process(int status);

/* Called for the first record of the process, should that come before our constructor. */
extern void (*ct_thread_first_use)(void);

#endif
