#ifndef CT_TEST_HANG_H
#define CT_TEST_HANG_H
/*
 * For programs that hang for certain, not by luck.
 *
 * Threads, of one or more processes, put their steps in order by hang_step() and hang_await(). Who
 * is to wait for ever says so just before (hang_sleep); the last one waits until all of those sleep
 * in the kernel, notes the time, and then makes the wait that completes the hang (hang_last).
 *
 *   PROGRAM [--fixed] [--mark FILE] [VARIANT]
 *
 * --fixed makes the program its correct twin. That is right in any order: there hang_await,
 * hang_sleep and hang_last do nothing.
 */
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

extern bool hang_fixed;
extern const char *hang_variant; /* "" if none was given */

/* Reads the arguments; to be called first. */
void hang_begin(int argc, char **argv);

/* Memory that starts as zeros and that children share. */
void *hang_shared(size_t size);

void hang_step(int step);	      /* 0 to 7; says that the caller has done it */
void hang_await(int step, int count); /* waits until `count` threads have */

void hang_sleep(void);	   /* the caller's next call is to wait for ever */
void hang_last(int count); /* waits until `count` threads do so; then as hang_mark */

/* Notes the time in the file of --mark: the hang begins now. */
void hang_mark(void);

/* Tells the file of --mark what is to be removed when the program was ended: `what` is "sem" or
 * "msg" of System V, or a path. */
void hang_litter(const char *what, int id);

/* waitpid() for its end; its exit status, or -1 if it had none. */
int hang_reap(pid_t child);

#ifdef __cplusplus
}
#endif

#endif
