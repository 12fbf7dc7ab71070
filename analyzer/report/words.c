#include "report/words.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "finding/finding.h"
#include "finding/headline.h"
#include "model/names.h"
#include "model/waitfor.h"
#include "report/race_words.h"
#include "finding/stack.h"

void ct_words_object(struct ct_text *out, struct ct_naming *naming, const struct ct_object *object)
{
	ct_text_addc(out, '`');
	ct_text_add_printable(out, ct_name_object_short(naming, object));
	ct_text_addc(out, '`');
}

void ct_words_object_in_full(struct ct_text *out, struct ct_naming *naming,
			     const struct ct_object *object)
{
	const char *brief = ct_name_object_short(naming, object);
	const char *full = ct_name_object(naming, object);

	ct_words_object(out, naming, object);
	if (strncmp(full, brief, strlen(brief)) == 0)
		ct_text_add_printable(out, full + strlen(brief));
}

const char *ct_words_verb(const struct ct_step_of_cycle *step)
{
	return step->verb ? step->verb : "waits for";
}

void ct_words_want(struct ct_text *out, struct ct_naming *naming,
		   const struct ct_step_of_cycle *step)
{
	ct_text_add_printable(out, ct_words_verb(step));
	ct_text_addc(out, ' ');
	if (step->wants)
		ct_words_object(out, naming, step->wants);
	else if (step->waits_for_thread)
		ct_text_add_printable(out, ct_name_thread(naming, step->waits_for_thread));
	else if (step->waits_for_process)
		ct_text_add_printable(out, ct_name_process(naming, step->waits_for_process));
	else
		ct_text_add(out, "something");
}

static const char *name_object(void *context, const struct ct_object *object)
{
	return ct_name_object_short(context, object);
}

/* `text` is finished. */
static void add_printable(struct ct_text *out, struct ct_text *text)
{
	if (ct_text_status(text))
		out->failed = true;
	ct_text_add_printable(out, ct_text_str(text));
	ct_text_fini(text);
}

const char *ct_words_hiding(enum ct_hiding hiding)
{
	static const char *const words[] = {
		[CT_SUPPRESSED] = "suppressed",
		[CT_KNOWN] = "known from the baseline",
		[CT_REPEATED] = "found before",
	};

	return words[hiding];
}

void ct_words_headline(struct ct_text *out, struct ct_naming *naming,
		       const struct ct_finding *finding)
{
	struct ct_text text;

	ct_text_init(&text);
	if (finding->race && !finding->headline)
		ct_race_add_headline(&text, naming, finding);
	else
		ct_finding_headline(finding, name_object, naming, &text);
	add_printable(out, &text);
}

void ct_words_fix(struct ct_text *out, struct ct_naming *naming, const struct ct_finding *finding)
{
	struct ct_text text;

	ct_text_init(&text);
	if (finding->fix)
		ct_text_add(&text, finding->fix);
	else if (finding->race)
		ct_race_add_fix(&text, naming, finding);
	else if (finding->step_count || finding->place_count)
		ct_text_add(&text, finding->rule->help);
	add_printable(out, &text);
}

void ct_words_ruled_out(struct ct_text *out, struct ct_naming *naming,
			const struct ct_finding *finding)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_finding_ruled_out(finding, name_object, naming, &text);
	add_printable(out, &text);
}

/* Of a wait for data, a message or a count. */
static const char *read_words(const struct ct_object *object)
{
	switch (object ? object->kind : CT_OBJECT_PIPE) {
	case CT_OBJECT_SOCKET:
		return "waits for data on";
	case CT_OBJECT_SYSV_MSG:
	case CT_OBJECT_MQ:
		return "waits for a message on";
	case CT_OBJECT_TIMERFD:
		return "waits for the time of";
	case CT_OBJECT_SIGNALFD:
		return "waits for a signal on";
	default:
		return "waits to read from";
	}
}

static const char *write_words(const struct ct_object *object)
{
	bool sends = object && (object->kind == CT_OBJECT_SYSV_MSG || object->kind == CT_OBJECT_MQ);

	return sends ? "waits for room in" : "waits to write to";
}

const char *ct_words_wait(const struct ct_wait *wait)
{
	switch (wait->kind) {
	case CT_WAIT_LOCK:
		return wait->mode == CT_MODE_SHARED ? "waits to read-lock" : "waits to lock";
	case CT_WAIT_JOIN:
		return "joins";
	case CT_WAIT_CHILD:
		return "waits for the end of";
	case CT_WAIT_READ:
		return read_words(wait->object);
	case CT_WAIT_WRITE:
		return write_words(wait->object);
	case CT_WAIT_FILE_LOCK:
		return "waits for the lock on";
	case CT_WAIT_ACCEPT:
		return "waits to accept a connection on";
	case CT_WAIT_CONNECT:
		return "waits to connect";
	case CT_WAIT_POLL:
		return wait->event == CT_EV_EPOLL_WAIT ? "waits in epoll_wait for"
						       : "waits in poll for";
	case CT_WAIT_SLEEP:
		return "sleeps";
	case CT_WAIT_DESTROY:
		return "waits to destroy";
	case CT_WAIT_SIGNAL:
		return "waits for a signal";
	default:
		return "waits for";
	}
}

static void add_polled(struct ct_text *out, struct ct_naming *naming, const struct ct_wait *wait)
{
	for (size_t i = 0; i < wait->object_count; i++) {
		ct_text_add(out, i ? ", " : "");
		ct_words_object(out, naming, wait->objects[i]);
	}
	if (!wait->object_count)
		ct_text_add(out, "something");
}

static void add_range(struct ct_text *out, const struct ct_payload_file_lock *lock)
{
	if (lock->owner == CT_OWNER_FLOCK)
		return; /* always the whole file */
	ct_text_addf(out, " bytes %" PRIu64 "-", lock->start);
	if (lock->length)
		ct_text_addf(out, "%" PRIu64, lock->start + (lock->length - 1));
	else
		ct_text_add(out, "end");
}

static void add_waited(struct ct_text *out, struct ct_naming *naming, const struct ct_wait *wait)
{
	ct_text_addc(out, ' ');
	if (wait->kind == CT_WAIT_POLL)
		add_polled(out, naming, wait);
	else if (wait->object)
		ct_words_object_in_full(out, naming, wait->object);
	else if (wait->thread)
		ct_text_add_printable(out, ct_name_thread(naming, wait->thread));
	else if (wait->process)
		ct_text_add_printable(out, ct_name_process(naming, wait->process));
	else
		ct_text_add(out, wait->kind == CT_WAIT_CHILD ? "any child" : "something");
	if (wait->kind == CT_WAIT_FILE_LOCK)
		add_range(out, &wait->file);
}

void ct_words_waiting(struct ct_text *out, struct ct_naming *naming, const struct ct_wait *wait)
{
	ct_text_add(out, ct_words_wait(wait));
	if (wait->kind != CT_WAIT_SLEEP && wait->kind != CT_WAIT_SIGNAL)
		add_waited(out, naming, wait);
	if (wait->timed && wait->kind != CT_WAIT_SLEEP)
		ct_text_add(out, ", for a limited time");
}

void ct_words_unproved(struct ct_text *out, struct ct_naming *naming, const struct ct_model *model)
{
	ct_text_add(out, "no hang could be proved: ");
	for (size_t i = 0; i < model->thread_count; i++) {
		const struct ct_thread *thread = model->threads[i];
		const char *reason = NULL;

		if (!thread->exited && !thread->process->exited)
			reason = ct_waitfor_reason(model, thread);
		if (!reason)
			continue;
		ct_text_add(out, "there is ");
		ct_text_add_printable(out, ct_name_thread(naming, thread));
		ct_text_addf(out, ", %s\n", reason);
		return;
	}
	ct_text_add(out, model->trace->unseen_count
				 ? "code ran whose calls are not seen\n"
				 : "not all who live wait, or not all that they did is known\n");
}

bool ct_words_unseen(struct ct_text *out, const struct ct_trace *trace, size_t index)
{
	static const char *const reasons[] = {
		[CT_UNSEEN_DEEPBIND] = "it was loaded with RTLD_DEEPBIND",
		[CT_UNSEEN_NAMESPACE] = "it was loaded by dlmopen, into a namespace of its own",
		[CT_UNSEEN_STATIC] = "it is linked statically",
		[CT_UNSEEN_PRIVILEGED] = "it runs with more rights than its caller",
		[CT_UNSEEN_MACHINE] = "it was built for another architecture",
		[CT_UNSEEN_ENVIRONMENT] = "it was started without LD_PRELOAD",
		[CT_UNSEEN_CLONE] = "it shares the thread-local storage of its parent",
		[CT_UNSEEN_USER] = "it runs as a user who may not open the trace folder",
	};
	const struct ct_trace_unseen *unseen = &trace->unseen[index];
	size_t reason = (size_t)unseen->reason;
	bool known = reason < sizeof(reasons) / sizeof(reasons[0]) && reasons[reason];

	for (size_t i = 0; i < index; i++)
		if (trace->unseen[i].reason == unseen->reason &&
		    strcmp(trace->unseen[i].name, unseen->name) == 0)
			return false;
	ct_text_add(out, "calls of ");
	ct_text_add_printable(out, *unseen->name ? ct_path_base(unseen->name) : "some code");
	ct_text_add(out, " are not seen");
	if (known)
		ct_text_addf(out, ": %s", reasons[reason]);
	return true;
}

const char *ct_words_nothing(const struct ct_trace *trace)
{
	bool races = trace->accesses || trace->some_accesses;

	if (!ct_trace_tells_misuse(trace))
		return races ? "deadlock, lock-order problem or data race found"
			     : "deadlock or lock-order problem found";
	return races ? "deadlock, lock-order problem, data race or misuse found"
		     : "deadlock, lock-order problem or misuse found";
}
