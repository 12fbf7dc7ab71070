#include "finding/headline.h"

enum { TOLD_FIRST = 4, TOLD_LAST = 1 };

struct teller {
	const struct ct_finding *finding;
	ct_name_object_fn *name_object;
	void *context;
	struct ct_text *out;
};

static void add_object(const struct teller *teller, const struct ct_object *object)
{
	ct_text_addf(teller->out, "`%s`", teller->name_object(teller->context, object));
}

static const struct ct_step_of_cycle *next_of(const struct ct_finding *finding, size_t i)
{
	return &finding->steps[(i + 1) % finding->step_count];
}

/* Whether what step i waits for is owned by the next one: holds the lock, or is the thread. */
static bool is_owned_by_next(const struct ct_finding *finding, size_t i)
{
	const struct ct_step_of_cycle *step = &finding->steps[i], *next = next_of(finding, i);

	if (step->wants)
		return next->holds == step->wants || (next->ahead && next->wants == step->wants);
	if (step->waits_for_thread)
		return step->waits_for_thread == next->thread;
	return step->waits_for_process && step->waits_for_process == next->thread->process;
}

bool ct_finding_is_cycle(const struct ct_finding *finding)
{
	for (size_t i = 0; i < finding->step_count; i++)
		if (!is_owned_by_next(finding, i))
			return false;
	return true;
}

size_t ct_finding_skips(const struct ct_finding *finding, size_t i)
{
	size_t told = TOLD_FIRST + TOLD_LAST;

	/* to leave one out would say no less */
	return i == TOLD_FIRST && finding->step_count > told + 1 ? finding->step_count - told : 0;
}

static void add_target(const struct teller *teller, const struct ct_step_of_cycle *step)
{
	if (step->wants)
		add_object(teller, step->wants);
	else if (step->waits_for_thread)
		ct_text_add(teller->out, step->waits_for_thread->name);
	else if (step->waits_for_process)
		ct_text_addf(teller->out, "the end of %s (pid %u)", step->waits_for_process->name,
			     step->waits_for_process->pid);
	else
		ct_text_add(teller->out, step->verb ? "something" : "an event");
}

/* "main waits for T2, which waits for `a` held by main" */
static void tell_cycle(const struct teller *teller)
{
	const struct ct_finding *finding = teller->finding;

	ct_text_add(teller->out, finding->steps[0].thread->name);
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];
		const char *next = next_of(finding, i)->thread->name;
		const char *who = i + 1 < finding->step_count ? ", which" : "";
		size_t skipped = ct_finding_skips(finding, i);

		if (skipped) {
			ct_text_addf(teller->out, " waits for %zu others, the last of which",
				     skipped);
			i += skipped - 1;
			continue;
		}
		ct_text_add(teller->out, " waits for ");
		add_target(teller, step);
		if (step->wants)
			ct_text_addf(teller->out, " %s %s",
				     next_of(finding, i)->ahead ? "behind" : "held by", next);
		else if (step->waits_for_process)
			ct_text_addf(teller->out, ", where %s", next);
		ct_text_add(teller->out,
			    step->waits_for_process && i + 1 < finding->step_count ? "" : who);
	}
}

static void tell_self(const struct teller *teller)
{
	const struct ct_step_of_cycle *step = &teller->finding->steps[0];

	ct_text_add(teller->out, step->thread->name);
	if (step->wants) {
		ct_text_add(teller->out, " waits for ");
		add_object(teller, step->wants);
		ct_text_add(teller->out, ", which it holds itself");
	} else {
		ct_text_add(teller->out, " waits for its own end");
	}
}

/* "45 more": moves to the last of them. */
static bool skip(const struct teller *teller, size_t *i)
{
	size_t skipped = ct_finding_skips(teller->finding, *i);

	if (!skipped)
		return false;
	ct_text_addf(teller->out, "%zu more", skipped);
	*i += skipped - 1;
	return true;
}

/* "T1 takes `a` then `b`; T2 takes `b` then `a`" */
static void tell_orders(const struct teller *teller)
{
	const struct ct_finding *finding = teller->finding;

	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];

		ct_text_add(teller->out, i ? "; " : "");
		if (skip(teller, &i))
			continue;
		ct_text_add(teller->out, step->thread->name);
		if (step->holds) {
			ct_text_add(teller->out, " takes ");
			add_object(teller, step->holds);
			ct_text_add(teller->out, step->wants ? " then " : " then waits for ");
		} else {
			ct_text_add(teller->out, step->wants ? " asks for " : " waits for ");
		}
		add_target(teller, step);
	}
}

/* "T1 waits for `c`; main waits for T1: nobody is left who could wake one of them" */
static void tell_knot(const struct teller *teller)
{
	const struct ct_finding *finding = teller->finding;

	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];

		ct_text_add(teller->out, i ? "; " : "");
		if (skip(teller, &i))
			continue;
		ct_text_addf(teller->out, "%s waits for ", step->thread->name);
		add_target(teller, step);
	}
	ct_text_add(teller->out, finding->step_count > 1
					 ? ": nobody is left who could wake one of them"
					 : ": nobody is left who could wake it");
}

/* "T1 and T2 wait at `b`: 2 of 3 are there, and nobody is left who could come" */
static void tell_cause(const struct teller *teller)
{
	const struct ct_finding *finding = teller->finding;
	size_t count = finding->step_count;

	ct_text_add(teller->out, finding->steps[0].thread->name);
	if (count == 2)
		ct_text_addf(teller->out, " and %s", finding->steps[1].thread->name);
	else if (count > 2)
		ct_text_addf(teller->out, " and %zu other threads", count - 1);
	ct_text_addf(teller->out, " %s %s ", count > 1 ? "wait" : "waits", finding->waits);
	if (finding->steps[0].wants)
		add_object(teller, finding->steps[0].wants);
	else
		ct_text_add(teller->out, "something");
	ct_text_add(teller->out, finding->because);
}

/* A mark without an object, which only a hostile name brings in, goes out as it is: whoever prints
 * the sentence escapes it. */
static void tell_headline(const struct teller *teller)
{
	const struct ct_finding *finding = teller->finding;

	for (const char *at = finding->headline; *at; at++) {
		if (*at == CT_ITS_OBJECT[0] && finding->object)
			add_object(teller, finding->object);
		else if (*at == CT_OTHER_OBJECT[0] && finding->other)
			add_object(teller, finding->other);
		else
			ct_text_addc(teller->out, *at);
	}
}

void ct_finding_headline(const struct ct_finding *finding, ct_name_object_fn *name_object,
			 void *context, struct ct_text *out)
{
	const struct teller teller = {finding, name_object, context, out};
	bool stands = finding->evidence >= CT_CONFIRMED;

	if (finding->headline)
		tell_headline(&teller);
	else if (!finding->step_count)
		ct_text_add(out, finding->rule->title);
	else if (finding->because)
		tell_cause(&teller);
	else if (!stands)
		tell_orders(&teller);
	else if (!ct_finding_is_cycle(finding))
		tell_knot(&teller);
	else if (finding->step_count == 1)
		tell_self(&teller);
	else
		tell_cycle(&teller);
}

void ct_finding_ruled_out(const struct ct_finding *finding, ct_name_object_fn *name_object,
			  void *context, struct ct_text *out)
{
	const struct teller teller = {finding, name_object, context, out};

	ct_text_add(out, finding->ruled_out ? finding->ruled_out : "");
	if (!finding->guard)
		return;
	ct_text_add(out, " (");
	add_object(&teller, finding->guard);
	ct_text_addc(out, ')');
}
