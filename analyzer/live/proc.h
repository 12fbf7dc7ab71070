#ifndef CT_LIVE_PROC_H
#define CT_LIVE_PROC_H
/*
 * What /proc says of a process or thread.
 * Source: proc_pid_stat(5).
 */
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct ct_proc {
	pid_t pid, parent; /* pid: the thread's id when a thread was asked for */
	char state;	   /* R running, S sleeping, D disk, T stopped, Z zombie ... */
	uint64_t threads;  /* of the process */
	uint64_t start;	   /* clock ticks after boot: with pid, it names one process for good */
	char name[64];
};

/* `tid` 0 asks for the process. False: there is none, or /proc cannot be read. */
bool ct_proc_read(pid_t pid, pid_t tid, struct ct_proc *out);

/* The inode of the namespace that our own pids are from; 0: unknown. */
uint64_t ct_proc_pid_space(void);

/* Of a process: it has ended. One whose first thread has ended, but not the others, has the state Z
 * as well. */
bool ct_proc_is_gone(const struct ct_proc *proc);

/* The text of a stat file; for ct_proc_read and its test. */
bool ct_proc_parse(const char *text, struct ct_proc *out);

#endif
