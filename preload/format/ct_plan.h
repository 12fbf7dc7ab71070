#ifndef CT_FORMAT_CT_PLAN_H
#define CT_FORMAT_CT_PLAN_H
/*
 * A steering plan: where threads of a second run are held until all of them stand just before what
 * closes a deadlock (setting `steer=FILE`). FILE is one struct ct_plan, little-endian, no more and
 * no less. ct_steer.h has what the run leaves behind. Here are also the hashes by which a plan,
 * written from the trace of one run, names threads and places of another: both halves compute them
 * with these functions.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CT_PLAN_MAGIC 0x4c504e43u /* "CNPL" */
#define CT_PLAN_VERSION 1
#define CT_PLAN_THREADS_MAX 32u
#define CT_PLAN_FRAMES 8u	 /* a site is at most these frames of the stack, innermost first */
#define CT_PLAN_COMMAND_MAX 512u /* bytes of a command that count */
#define CT_PLAN_TIMEOUT_MAX 60000u /* ms */

enum ct_plan_mode {
	CT_PLAN_EXACT = 1,  /* the n-th arrival only */
	CT_PLAN_SITE = 2,   /* any arrival: `nth` is not looked at */
	CT_PLAN_PAUSES = 3, /* as SITE, with the delays of `perturb=` for `seed` besides */
};

/*
 * A place in the program: a call that is about to be made. It is this place if all that the plan
 * says (what is not 0) is so. At least `caller` must be said of a place that is there.
 */
struct ct_plan_place {
	uint64_t site;	 /* ct_plan_site of the stack of the request; 0: the caller will do */
	uint64_t caller; /* ct_plan_site of its innermost frame alone; 0: no such place */
	uint32_t nth;	 /* from 1: how often this thread has come there, locks held or not */
	uint16_t event;	 /* enum ct_event_id of the call, as in its record */
	uint16_t held;	 /* at least so many locks are held: those of a HELD_SET. A pattern's stop
			    has what it needs, so that a wrapper of lock is not taken for it */
};

/*
 * One thread of the pattern. Gate: before the outermost lock of those it holds at the stop. All
 * stand at their gates (who has none: anywhere) before one goes on to its stop, so that nobody who
 * is held at a stop holds what another needs on the way to his.
 */
struct ct_plan_thread {
	uint64_t path; /* ct_plan_path_...; 0: any thread, but each for one entry only */
	struct ct_plan_place stop, gate;
};

struct ct_plan {
	uint32_t magic, version;
	uint32_t mode;	      /* enum ct_plan_mode */
	uint32_t count;	      /* threads, 2 to CT_PLAN_THREADS_MAX */
	uint32_t timeout_ms;  /* of one stay at a gate or stop, and of all of a thread; 0: 10 s */
	uint32_t patience_ms; /* without progress of others, at first; doubles to 2 s; 0: 200 */
	uint64_t seed;
	struct ct_plan_thread thread[CT_PLAN_THREADS_MAX];
};

/* How a thread's path goes on to those that it makes. */
enum ct_plan_step {
	CT_PLAN_STEP_THREAD =
		1,		/* its n-th THREAD_CREATE or THRD_CREATE, from 1, failed ones too */
	CT_PLAN_STEP_FORK = 2,	/* its n-th request with EFFECT FORK or SYSTEM, from 1, likewise */
	CT_PLAN_STEP_IMAGE = 3, /* an image that began with exec or in a spawned process */
	CT_PLAN_STEP_STRANGER = 4, /* a thread whose creation was not seen */
};

static inline uint64_t ct_plan_mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9e3779b97f4a7c15);
	hash = (hash ^ hash >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return hash ^ hash >> 29;
}

static inline uint64_t ct_plan_bytes(const void *bytes, size_t size)
{
	uint64_t hash = size;

	for (size_t i = 0; i < size; i++)
		hash = ct_plan_mix(hash, ((const unsigned char *)bytes)[i]);
	return hash;
}

/*
 * Creation paths. The main thread of a process whose parent is not in the trace (parent 0) has
 * CT_PLAN_ROOT, in its image 0. From that on:
 *
 *   thread      ct_plan_path(creator's path, CT_PLAN_STEP_THREAD, n)
 *   main thread of a process that was forked (PROCESS: image 0, creator not 0)
 *               ct_plan_path(forking thread's path, CT_PLAN_STEP_FORK, n)
 *   main thread of any other image (image not 0, or parent but no creator)
 *               ct_plan_path(path of the main thread of the parent process, as it was when the
 *               image began (parent 0: CT_PLAN_ROOT), CT_PLAN_STEP_IMAGE, ct_plan_command(command))
 *   thread that was made unseen (THREAD_START with creator 0, but for main threads)
 *               ct_plan_path(path of its process's main thread, CT_PLAN_STEP_STRANGER, 0)
 *
 * The n-th fork of a thread is the one whose completion has the child's pid as object. n counts
 * from the beginning of the thread; the only thread of a forked process begins there.
 */
#define CT_PLAN_ROOT UINT64_C(0x636f6e6374726163)

/* Never 0, which means any. */
static inline uint64_t ct_plan_path(uint64_t maker, enum ct_plan_step step, uint64_t n)
{
	return ct_plan_mix(ct_plan_mix(maker, step), n) | 1;
}

/* Of a command as PROCESS definitions have it. */
static inline uint64_t ct_plan_command(const char *command)
{
	size_t size = 0;

	while (size < CT_PLAN_COMMAND_MAX && command[size])
		size++;
	return ct_plan_bytes(command, size);
}

/* Of a module: its build-id, or its path where it has none (as MODULE definitions have them). */
static inline uint64_t ct_plan_module(const void *build_id, size_t length, const char *path)
{
	return length ? ct_plan_bytes(build_id, length)
		      : ct_plan_bytes(path, __builtin_strlen(path));
}

/*
 * Sites. Beginning with 0, for each frame (a return address, as STACK definitions have it) from the
 * innermost on, at most CT_PLAN_FRAMES:
 *
 *   site = ct_plan_site(site, ct_plan_module(of the module that frame - 1 lies in), frame - bias)
 *
 * and ct_plan_site(site, 0, 0) for a frame outside of all modules.
 */
static inline uint64_t ct_plan_site(uint64_t site, uint64_t module, uint64_t offset)
{
	return ct_plan_mix(ct_plan_mix(site, module), offset) | 1;
}

#endif
