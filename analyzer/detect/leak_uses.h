#ifndef CT_DETECT_LEAK_USES_H
#define CT_DETECT_LEAK_USES_H
/*
 * Who uses which pipe, and which programs found one open when they began. Private to
 * detect_fd_leak.c.
 */
#include "detect/pipe_past.h"

struct ct_leak_pipe {
	const struct ct_object *object;
	bool read, written;   /* bytes went through it */
	bool handed_on;	      /* another program found it, above the standard ones, and uses it */
	uint64_t closed_time; /* of the last descriptor to write to it by */
	struct ct_deed eof;   /* the last read that waited and met the end of file ... */
	uint64_t eof_since;   /* ... and since when */
};

struct ct_leak_uses {
	struct ct_pipe_pasts pasts;
	struct ct_map index; /* inode: place in `pipes` */
	struct ct_leak_pipe *pipes;
	size_t count, cap;
	struct ct_map used;   /* mix of process and inode: time of the last use */
	struct ct_map execs;  /* number of a process: programs that it began by exec */
	struct ct_map images; /* process and image: place in `starts` */
	struct ct_deed *starts;
	size_t start_count, start_cap;
	struct ct_map begun;	  /* process and image: place in trace->images */
	struct ct_map found_ends; /* mix of process, image and inode: both ends */
};

void ct_leak_uses_init(struct ct_leak_uses *uses);
void ct_leak_uses_fini(struct ct_leak_uses *uses);
CT_MUST_CHECK enum ct_status ct_leak_uses_step(struct ct_leak_uses *uses,
					       const struct ct_step *step);
/* At the end, before what follows is asked. */
CT_MUST_CHECK enum ct_status ct_leak_uses_finish(struct ct_leak_uses *uses,
						 const struct ct_trace *trace);

/* NULL: it was not made in the trace. */
const struct ct_leak_pipe *ct_leak_pipe_of(const struct ct_leak_uses *uses, uint64_t inode);
/* Where a process was made to run the program, or NULL. */
const struct ct_deed *ct_leak_start_of(const struct ct_leak_uses *uses, uint32_t process,
				       uint32_t image);
const struct ct_trace_image *ct_leak_image_of(const struct ct_leak_uses *uses,
					      const struct ct_trace *trace,
					      const struct ct_trace_fd *fd);
/* Whether the program that found it, or one that it started, did anything with the pipe. */
bool ct_leak_is_used(const struct ct_leak_uses *uses, const struct ct_trace_fd *fd, uint64_t since);
/* Whether the program found both ends of the pipe. */
bool ct_leak_found_both(const struct ct_leak_uses *uses, const struct ct_trace_fd *fd);

#endif
