/*
 * clone(2) through libc's function of that name. Without CLONE_VM it is a fork whose child begins
 * with a function. With it, the child shares the memory and, unless it is given other thread-local
 * storage, that too: record/guard.h. What a child with thread-local storage of the program's making
 * finds there in place of ours is not known.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "hooks/unseen.h"
#include "record/fork.h"
#include "record/guard.h"
#include "record/process.h"
#include "record/thread.h"
#include "record/traps.h"
#include "record/unwind.h"
#include "sys/kernel.h"
#include "sys/line.h"

/* What a child is to run, and what its clone is to be given behind that. */
struct clone {
	int (*start)(void *);
	void *arg;
	void *stack;
	int flags;
	pid_t *parent_tid;
	void *tls;
	pid_t *child_tid;
};

static int make(const struct clone *c, int (*start)(void *), void *arg)
{
	return CT_REAL(clone)(start, c->stack, c->flags, arg, c->parent_tid, c->tls, c->child_tid);
}

/* A child with a copy of the memory. libc ends it by a system call that nobody sees. If it has
 * recorded nothing until then, its stack may be too small for its first record. */
static int run(void *context)
{
	const struct clone *c = context;
	int status = c->start(c->arg);

	if (!ct_fork_unnoticed()) {
		ct_thread_end_process(status);
		ct_process_close();
	}
	return status;
}

static int fork_like(struct clone *c)
{
	bool wrap = c->start && c->stack && !(c->flags & CLONE_SETTLS);
	struct ct_fork_snapshot snapshot;
	int pid;

	ct_fork_begin(&snapshot);
	snapshot.stack_low = snapshot.stack_high = 0; /* it has a stack of its own */
	ct_unwind_before_fork();
	pid = wrap ? make(c, run, c) : make(c, c->start, c->arg);
	ct_unwind_after_fork_parent();
	ct_fork_parent(&snapshot);
	return pid;
}

/* The function that such a child runs, as "program+0x1234". */
static void name_code(char *buffer, size_t size, int (*start)(void *))
{
	struct dl_find_object found;
	struct ct_line line;
	const char *name;

	ct_line_init(&line, buffer, size);
	if (_dl_find_object((void *)(uintptr_t)start, &found) != 0)
		return;
	name = found.dlfo_link_map->l_name;
	ct_line_add(&line, name && *name ? ct_str_base(name) : program_invocation_short_name);
	ct_line_add(&line, "+0x");
	ct_line_add_hex(&line, (uintptr_t)start - found.dlfo_link_map->l_addr, 8);
}

static int thread_like(const struct clone *c)
{
	bool guarded, own_tls = c->flags & CLONE_SETTLS;
	struct ct_sigtrap_lent lent;
	char code[64];
	int pid;

	if (ct_traps && own_tls)
		ct_traps->aside(CT_TRAP_OWN_THREADS);
	else if (ct_traps)
		ct_traps->company(false);
	guarded = !own_tls && ct_guard_begin();
	if (ct_sigtrap_ours() && !own_tls)
		ct_sigtrap_lend(&lent);
	pid = make(c, c->start, c->arg);
	if (ct_sigtrap_ours() && !own_tls)
		ct_sigtrap_take_back(&lent);
	if (guarded && (pid < 0 || c->flags & CLONE_VFORK)) /* none, or one that is gone */
		ct_guard_end();
	if (pid < 0 || own_tls)
		return pid;
	name_code(code, sizeof(code), c->start);
	ct_unseen(CT_UNSEEN_CLONE, code);
	return pid;
}

static int clone_child(struct clone *c, uintptr_t pc, uintptr_t sp)
{
	uint64_t flags = (uint32_t)c->flags;
	struct ct_call call;
	int pid;

	ct_call_request(&call, CT_EV_CLONE, 0, 0, flags, pc, sp);
	pid = c->flags & CLONE_VM ? thread_like(c) : fork_like(c);
	ct_call_complete_with(&call, ct_errno_of(pid), pid > 0 ? (uint64_t)pid : 0, flags);
	return pid;
}

/* As libc's, it takes all arguments, whether they were given or not. */
CT_EXPORT int clone(int (*start)(void *), void *stack, int flags, void *arg, ...)
{
	struct clone c = {.start = start, .arg = arg, .stack = stack, .flags = flags};
	va_list list;

	va_start(list, arg);
	c.parent_tid = va_arg(list, pid_t *);
	c.tls = va_arg(list, void *);
	c.child_tid = va_arg(list, pid_t *);
	va_end(list);
	return clone_child(&c, CT_CALLER);
}

CT_EXPORT int __clone(int (*start)(void *), void *stack, int flags, void *arg, ...)
	__attribute__((alias("clone"), nothrow, leaf));
