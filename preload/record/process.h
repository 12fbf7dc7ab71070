#ifndef CT_RECORD_PROCESS_H
#define CT_RECORD_PROCESS_H
/*
 * The recorder of one process: its number in the trace, its lanes, its place on disk.
 *
 * There is one per process, not per address space: a vfork child gets its own and hands the thread
 * back. Descriptors are opened for one operation and closed again, so that the program finds no
 * descriptor of ours, whatever it closes, counts or inherits.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/recorder.h"
#include "record/settings.h"

#define CT_LANES_MAX 65536u
#define CT_PATH_SIZE 640u     /* small: it lies on the stacks of the program's threads */
#define CT_MODULES_KNOWN 512u /* beyond these, a module may be defined more than once */

/* A module that has been defined; start 0: free entry. */
struct ct_known_module {
	uintptr_t start, end;
	const void *map, *name;
};

/* What a thread writes through while it lives, and hands on to the next. */
struct ct_lane {
	uint32_t used;	    /* 1: a thread owns it. Claimed by compare-and-swap */
	uint32_t appending; /* 1: its packet is being appended. Claimed likewise */
	uint32_t index;
	bool exists; /* its stream file does */
	uint64_t sequence, discarded;
	struct ct_recorder *recorder;
	struct ct_live *live; /* NULL: never mapped. The packet follows the live page */
};

struct ct_process {
	uint32_t number, parent, pid, image;
	uint64_t begin;		      /* ticks */
	uint64_t pid_space;	      /* inode of the namespace that its pid is from, 0: unknown */
	uint32_t *mark;		      /* 1; the kernel makes it 0 in a forked child */
	struct ct_process_slot *slot; /* in the session; its counters give out numbers */
	uint32_t lanes;		      /* entries of `lane` used so far */
	uint32_t lane_cap;
	uint32_t stopped;    /* nothing can be appended any more: what comes is counted and lost */
	uint32_t incomplete; /* the session counts it among those that were not recorded to their
				end */
	uint32_t closed;     /* its end has been written */
	struct ct_lane *lane;
	size_t bytes; /* of this struct and its lanes */
	struct ct_known_module modules[CT_MODULES_KNOWN];
};

/* Everything the recorder knows beyond its threads. */
struct ct_state {
	uint32_t phase;		    /* enum ct_phase, written by init.c */
	struct ct_session *session; /* NULL: recording is off for good */
	struct ct_process *process;
	struct ct_settings settings;
	char folder[CT_PATH_SIZE]; /* absolute path of the trace */
};

enum ct_phase { CT_PHASE_NEW, CT_PHASE_STARTING, CT_PHASE_READY };

extern struct ct_state ct_state;

/* A process with its number, but no lane in use. NULL: out of memory or of numbers. */
struct ct_process *ct_process_new(uint32_t parent, uint32_t lane_cap);
void ct_process_free(struct ct_process *process);

/* The first recorder of a program image: takes a process number (the old one after exec). False:
 * out of memory, recording stays off. */
bool ct_process_start(void);

/* Nothing can be recorded here: as if the library were not there. */
void ct_process_give_up(void);
/* Something of this process could not be recorded: the disk is full, or a limit was met. */
void ct_process_incomplete(struct ct_process *process);
/* The same, because the trace could not be opened: it has changed its user, maybe for a while. */
void ct_process_denied(struct ct_process *process);

/* False in a child by clone(CLONE_VM), which runs on its parent's recorder: it must not end or
 * replace the parent's process. */
bool ct_process_is_own(void);

/* Appends what every lane holds and forgets the process; later records are lost. Before _exit, and
 * after everything else of exit. */
void ct_process_close(void);
/* Before exec: appends what the calling thread holds. The next packet begins without the held set,
 * so that nothing stands between the EXEC and what tells how it ended. */
void ct_process_flush_self(void);
/* After an exec that failed: the held set. */
void ct_process_flush_undone(void);

/* "FOLDER/[.live/|.]p<P>.t<L>" */
void ct_process_lane_path(char *buffer, const struct ct_process *process, uint32_t lane,
			  const char *prefix);

/* lane.c: a recorder for the calling thread with the given number, or NULL. */
struct ct_recorder *ct_lane_claim(struct ct_process *process, uint32_t number);
/* After exec: appends what the former image left in a lane, which then is as never mapped. */
void ct_lane_adopt(struct ct_process *process, struct ct_lane *lane);
/* Appends the packet and frees the lane for the next thread. */
void ct_lane_release(struct ct_recorder *r);
/* Writes the held set, as at the begin of a packet; nothing if it is empty. */
void ct_lane_write_held(struct ct_recorder *r, uint64_t time);
/* Appends the packet and begins the next one. False: nothing could be appended. */
bool ct_lane_append(struct ct_process *process, struct ct_lane *lane, bool restart);

#endif
