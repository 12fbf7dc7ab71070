#include "report/text_parts.h"

#include "base/text.h"
#include "finding/headline.h"
#include "model/names.h"
#include "report/words.h"

/*
 * Who waits for whom, drawn with letters: the circle as a ring, then an arrow for each thread that
 * waits beside it.
 *
 *	+-> worker
 *	|     | locks `savings`
 *	|     v
 *	|   main
 *	|     | joins worker
 *	+-----+
 *	    audit --joins--> worker
 */

#define MARGIN "    "

static void add_thread(struct ct_text *out, const struct ct_report *in,
		       const struct ct_thread *thread)
{
	ct_text_add_printable(out, ct_name_thread(in->naming, thread));
}

static void add_ring(struct ct_text *out, const struct ct_report *in,
		     const struct ct_finding *finding)
{
	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];
		size_t skipped = ct_finding_skips(finding, i);

		if (skipped) {
			ct_text_addf(out, MARGIN "|   ... %zu more ...\n" MARGIN "|     |\n",
				     skipped);
			ct_text_add(out, MARGIN "|     v\n");
			i += skipped - 1;
			continue;
		}
		ct_text_add(out, i ? MARGIN "|   " : MARGIN "+-> ");
		add_thread(out, in, step->thread);
		ct_text_add(out, "\n" MARGIN "|     | ");
		ct_words_want(out, in->naming, step);
		ct_text_add(out, i + 1 < finding->step_count ? "\n" MARGIN "|     v\n"
							     : "\n" MARGIN "+-----+\n");
	}
}

static void add_target(struct ct_text *out, const struct ct_report *in, const struct ct_wait *wait)
{
	if (wait->object)
		ct_words_object(out, in->naming, wait->object);
	else if (wait->thread)
		add_thread(out, in, wait->thread);
	else if (wait->process)
		ct_text_add_printable(out, ct_name_process(in->naming, wait->process));
	else
		ct_text_add(out, wait->kind == CT_WAIT_CHILD ? "any child" : "something");
}

static void add_arrow(struct ct_text *out, const struct ct_report *in,
		      const struct ct_thread *thread, size_t *count)
{
	if (thread->wait.kind == CT_WAIT_NONE || ++*count > CT_TEXT_ARROWS)
		return;
	ct_text_add(out, MARGIN "    ");
	add_thread(out, in, thread);
	ct_text_addf(out, " --%s--> ", ct_words_wait(&thread->wait));
	add_target(out, in, &thread->wait);
	ct_text_addc(out, '\n');
}

/* A thread may stand at several places of a finding. */
static bool was_drawn(const struct ct_finding *finding, size_t place)
{
	const struct ct_thread *thread = finding->places[place].thread;

	for (size_t i = 0; i < finding->step_count; i++)
		if (finding->steps[i].thread == thread)
			return true;
	for (size_t i = 0; i < place; i++)
		if (finding->places[i].thread == thread)
			return true;
	return !thread;
}

static void add_arrows(struct ct_text *out, const struct ct_report *in,
		       const struct ct_finding *finding, bool steps)
{
	size_t count = 0;

	for (size_t i = 0; steps && i < finding->step_count; i++)
		add_arrow(out, in, finding->steps[i].thread, &count);
	for (size_t i = 0; i < finding->place_count; i++)
		if (!was_drawn(finding, i))
			add_arrow(out, in, finding->places[i].thread, &count);
	if (count > CT_TEXT_ARROWS)
		ct_text_addf(out, MARGIN "    ... and %zu more\n", count - CT_TEXT_ARROWS);
}

void ct_text_add_picture(struct ct_text *out, const struct ct_report *in,
			 const struct ct_finding *finding)
{
	bool ring = ct_finding_is_cycle(finding);

	if (finding->evidence < CT_CONFIRMED || !finding->step_count)
		return;
	ct_text_add(out, "  who waits for whom\n");
	if (ring)
		add_ring(out, in, finding);
	add_arrows(out, in, finding, !ring);
	ct_text_addc(out, '\n');
}
