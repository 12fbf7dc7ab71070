#include "cli/picture.h"

#include <stdio.h>
#include <sys/syscall.h>

#include "base/text.h"
#include "cli/look.h"
#include "model/names.h"
#include "model/waitfor.h"
#include "report/words.h"

enum { THREADS_SHOWN = 64 };

struct picture {
	struct ct_text *out;
	const struct ct_look *look;
	const struct ct_scan *scan; /* NULL: the program is dead */
	struct ct_waitfor *waitfor;
	struct ct_naming *naming;
};

static const char *call_name(long number)
{
	static const struct {
		long number;
		const char *name;
	} calls[] = {
		{SYS_read, "read"},
		{SYS_futex, "futex"},
		{SYS_ppoll, "ppoll"},
		{SYS_pselect6, "pselect6"},
		{SYS_epoll_pwait, "epoll_pwait"},
		{SYS_clock_nanosleep, "clock_nanosleep"},
		{SYS_wait4, "wait4"},
		{SYS_accept, "accept"},
		{SYS_recvmsg, "recvmsg"},
		{SYS_rt_sigtimedwait, "rt_sigtimedwait"},
		{SYS_rt_sigsuspend, "rt_sigsuspend"},
#ifdef SYS_poll
		{SYS_poll, "poll"},
		{SYS_select, "select"},
		{SYS_epoll_wait, "epoll_wait"},
		{SYS_pause, "pause"},
#endif
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		if (calls[i].number == number)
			return calls[i].name;
	return NULL;
}

/* A thread that sleeps in the kernel, in no call that we stand before. */
static void add_unseen_call(struct ct_text *out, const struct ct_scan_thread *now)
{
	char path[64];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%u/task/%u/syscall", now->pid, now->tid);
	file = fopen(path, "re");
	if (file) {
		if (fscanf(file, "%ld", &number) != 1)
			number = -1;
		fclose(file);
	}
	ct_text_add(out, "waits in a system call that is not recorded");
	if (call_name(number))
		ct_text_addf(out, " (%s)", call_name(number));
	else if (number >= 0)
		ct_text_addf(out, " (number %ld)", number);
}

static void add_state(struct ct_text *out, const struct ct_scan_thread *now)
{
	switch (ct_scan_state(now)) {
	case 'S':
	case 'D':
		add_unseen_call(out, now);
		break;
	case 'T':
		ct_text_add(out, "is stopped");
		break;
	case 't':
		ct_text_add(out, "is held by a debugger");
		break;
	case '?':
		ct_text_add(out, "cannot be seen from here");
		break;
	default:
		ct_text_add(out, "runs");
	}
}

static void add_who(struct picture *p, const struct ct_waitfor_edge *edge)
{
	if (edge->to)
		ct_text_add_printable(p->out, ct_name_thread(p->naming, edge->to));
	else if (edge->process)
		ct_text_add_printable(p->out, ct_name_process(p->naming, edge->process));
}

/* Before who it is; no default: a new kind is to be told as well. */
static const char *words_of(enum ct_waitfor_why why)
{
	switch (why) {
	case CT_WAITFOR_HOLDS:
		return "held by ";
	case CT_WAITFOR_AHEAD:
		return "behind ";
	case CT_WAITFOR_ORPHAN:
		return "never given back by ";
	case CT_WAITFOR_JOINED:
	case CT_WAITFOR_CHILD:
		return "until the end of ";
	case CT_WAITFOR_HELPER:
		return "may be woken by ";
	case CT_WAITFOR_NOBODY:
		return "nobody is known who could end that";
	case CT_WAITFOR_OUTSIDE:
		return "something outside of the record may end that";
	}
	return "";
}

static void add_edges(struct picture *p, const struct ct_thread *thread)
{
	size_t count;
	const struct ct_waitfor_edge *edges = ct_waitfor_of(p->waitfor, thread, &count);

	for (size_t i = 0; i < count; i++) {
		bool again = i > 0 && edges[i].why == edges[i - 1].why;

		ct_text_add(p->out, ", ");
		if (!again)
			ct_text_add(p->out, words_of(edges[i].why));
		add_who(p, &edges[i]);
	}
}

/* Whether a line tells of the thread: it lives, as far as the trace and the kernel say, or waited
 * when the program ended. */
static bool is_shown(const struct picture *p, const struct ct_thread *thread,
		     const struct ct_scan_thread **out_now)
{
	*out_now = NULL;
	if (!p->scan)
		return !thread->exited && thread->wait.kind != CT_WAIT_NONE;
	if (thread->exited || thread->process->exited)
		return false;
	*out_now = ct_scan_find(p->scan, thread->process->number, thread->number);
	return *out_now && ct_scan_state(*out_now);
}

static void add_thread(struct picture *p, const struct ct_thread *thread,
		       const struct ct_scan_thread *now)
{
	bool waits = thread->wait.kind != CT_WAIT_NONE && (!now || ct_scan_waits(now));

	ct_text_add(p->out, "  ");
	ct_text_add_printable(p->out, ct_name_thread(p->naming, thread));
	ct_text_add(p->out, " ");
	if (waits) {
		ct_words_waiting(p->out, p->naming, &thread->wait);
		add_edges(p, thread);
	} else {
		add_state(p->out, now);
	}
	ct_text_add(p->out, "\n");
}

static void add_threads(struct picture *p)
{
	const struct ct_model *model = p->look->analysis->model;
	const struct ct_scan_thread *now;
	size_t shown = 0, more = 0;

	for (size_t i = 0; i < model->thread_count; i++) {
		if (!is_shown(p, model->threads[i], &now))
			continue;
		if (shown++ < THREADS_SHOWN)
			add_thread(p, model->threads[i], now);
		else
			more++;
	}
	if (more)
		ct_text_addf(p->out, "  and %zu more threads\n", more);
}

enum ct_status ct_picture_add(struct ct_text *out, const struct ct_look *look,
			      const struct ct_hang *hang)
{
	struct picture p = {.out = out,
			    .look = look,
			    .scan = hang ? &hang->now : NULL,
			    .naming = &look->analysis->naming};
	enum ct_status status = ct_waitfor_new(look->analysis->model, &p.waitfor);

	if (status)
		return status;
	add_threads(&p);
	ct_waitfor_free(p.waitfor);
	return ct_text_status(out);
}
