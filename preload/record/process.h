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
#define CT_PATH_SIZE 4096u
#define CT_MODULES_KNOWN 512u /* beyond these, a module may be defined more than once */

/* A module that has been defined; start 0: free entry. */
struct ct_known_module {
	uintptr_t start;
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
	uint64_t begin; /* ticks */
	struct ct_process_slot *slot; /* in the session; its counters give out numbers */
	uint32_t lanes; /* entries of `lane` used so far */
	uint32_t lane_cap;
	uint32_t stopped; /* nothing can be appended any more: what comes is counted and lost */
	uint32_t closed;  /* its end has been written */
	struct ct_lane *lane;
	size_t bytes; /* of this struct and its lanes */
	struct ct_known_module modules[CT_MODULES_KNOWN];
};

/* Everything the recorder knows beyond its threads. */
struct ct_state {
	uint32_t phase; /* enum ct_phase, written by init.c */
	struct ct_session *session; /* NULL: recording is off for good */
	struct ct_process *process;
	struct ct_settings settings;
	char folder[CT_PATH_SIZE]; /* absolute path of the trace */
};

enum ct_phase { CT_PHASE_NEW, CT_PHASE_STARTING, CT_PHASE_READY };

extern struct ct_state ct_state;

/* Locks that the thread which forks holds, copied before fork: the live page is shared memory and
 * the parent goes on changing it. */
struct ct_fork_snapshot {
	uint32_t count, creator, parent;
	struct ct_held held[CT_HELD_MAX];
};

void ct_process_snapshot(struct ct_fork_snapshot *out);

/* The first recorder of a program image: takes a process number (the old one after exec). False:
 * out of memory, recording stays off. */
bool ct_process_start(void);
/* In a forked child: leaves all of the parent's behind and starts its own. `snapshot` may be NULL. */
void ct_process_reborn(const struct ct_fork_snapshot *snapshot);
/* In a vfork child, which shares the parent's memory: a process of its own for the calling thread
 * until ct_process_vfork_end() in the parent, which hands the thread back to `parent`. */
void ct_process_vfork_begin(const struct ct_fork_snapshot *snapshot);
void ct_process_vfork_end(struct ct_recorder *parent);
/* Appends what every lane holds and forgets the process; later records are lost. Before _exit, and
 * after everything else of exit. */
void ct_process_close(void);
/* Appends what the calling thread holds; recording goes on. Before exec. */
void ct_process_flush_self(void);

/* "FOLDER/[.live/|.]p<P>.t<L>" */
void ct_process_lane_path(char *buffer, const struct ct_process *process, uint32_t lane,
			  const char *prefix);

/* lane.c: a recorder for the calling thread with the given number, or NULL. */
struct ct_recorder *ct_lane_claim(struct ct_process *process, uint32_t number);
/* After exec: appends what the former image left in a lane, which then is as never mapped. */
void ct_lane_adopt(struct ct_process *process, struct ct_lane *lane);
/* Appends the packet and frees the lane for the next thread. */
void ct_lane_release(struct ct_recorder *r);
/* Appends the packet and begins the next one. False: nothing could be appended. */
bool ct_lane_append(struct ct_process *process, struct ct_lane *lane, bool restart);

#endif
