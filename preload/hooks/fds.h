#ifndef CT_HOOKS_FDS_H
#define CT_HOOKS_FDS_H
/*
 * Which descriptors are of kernel objects that processes synchronise by: pipes, FIFOs, sockets,
 * message queues, epolls, and descriptors of events, timers and signals. One flat table; what a
 * descriptor of anything else costs is one look-up. Threads and signal handlers change it by plain
 * atomic stores: a program whose threads race for a descriptor gets the one or the other.
 *
 * A vfork child has descriptors of its own, but shares this table with its parent: what it opens,
 * copies and closes is recorded and does not change the table.
 *
 * `pc, sp`: CT_CALLER of the hook.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define CT_FDS_MAX 65536u /* higher descriptors are not tracked */

/* 0: not tracked; 1 read, 2 write, 3 both */
extern uint8_t ct_fd_access[CT_FDS_MAX];

static inline bool ct_fd_tracked(int fd)
{
	return (unsigned)fd < CT_FDS_MAX && __atomic_load_n(&ct_fd_access[fd], __ATOMIC_RELAXED);
}

struct ct_fd {
	uint64_t object; /* key of the kernel object (ct_payload.h) */
	uint8_t access;
};

/* Access 0 and object 0 if it is not tracked. */
struct ct_fd ct_fd_get(int fd);
/* No tracked descriptor is as high. */
unsigned ct_fd_end(void);
/* `fd` is a descriptor of an object. */
void ct_fd_made(int fd, struct ct_fd end, uintptr_t pc, uintptr_t sp);
/* ... which was made just now and has no name: of a pipe, not of a FIFO. */
void ct_fd_made_nameless(int fd, struct ct_fd end, uintptr_t pc, uintptr_t sp);
/* `fd` was opened or received, who knows of what; the kernel is asked. Keeps errno. */
void ct_fd_opened(int fd, uintptr_t pc, uintptr_t sp);
/* `fd` was opened, of nothing that is tracked. */
void ct_fd_forget(int fd);
void ct_fd_opened_file(FILE *file, uintptr_t pc, uintptr_t sp);
/* `to` has become a copy of `from`. */
void ct_fd_copied(int from, int to, uintptr_t pc, uintptr_t sp);
/* `fd` is about to be closed. Returns what it was, for ct_fd_not_closed(). */
struct ct_fd ct_fd_closing(int fd, uintptr_t pc, uintptr_t sp);
/* The same of all from `first` to `last`. */
void ct_fd_closing_range(unsigned first, unsigned last, uintptr_t pc, uintptr_t sp);
/* It was refused: errno says why. */
void ct_fd_not_closed(int fd, struct ct_fd before, uintptr_t pc, uintptr_t sp);
/*
 * `file` is about to be closed, with its descriptor. What it has buffered is written out first,
 * since nothing that libc writes by itself is seen. Returns 0 or the error of that, which closing
 * the file would have returned.
 */
int ct_fd_closing_file(FILE *file, uintptr_t pc, uintptr_t sp);

/* A number that no other object of the trace has, for those to which the kernel gives none. */
uint64_t ct_fd_number(void);
uint64_t ct_fd_inode(int fd);
/* The object of an eventfd, which every process finds that has it. */
uint64_t ct_fd_eventfd(int fd);

/* The table's entries are made by the functions above, and by this one for what was open when the
 * image began. */
void ct_fd_found(int fd, struct ct_fd entry);
/* What the kernel says that `fd` is; access 0: not tracked. `info` is its fstat. */
struct stat;
struct ct_fd ct_fd_identify(int fd, const struct stat *info);

#endif
