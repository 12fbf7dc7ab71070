#include "report/text_parts.h"

#include "base/text.h"
#include "model/names.h"
#include "report/style.h"
#include "report/words.h"

static bool waits(const struct ct_thread *thread)
{
	return thread->wait.kind != CT_WAIT_NONE && !thread->exited && !thread->process->exited;
}

static void add_wait(struct ct_text *out, const struct ct_report *in,
		     const struct ct_thread *thread)
{
	const struct ct_wait *wait = &thread->wait;

	ct_text_add(out, "  ");
	ct_style_begin(out, in->color, CT_STYLE_STRONG);
	ct_text_add_printable(out, ct_name_thread(in->naming, thread));
	ct_style_end(out, in->color);
	ct_text_addc(out, ' ');
	ct_words_waiting(out, in->naming, wait);
	ct_text_addc(out, '\n');
	ct_text_add_stack(out, in, thread->process->number, wait->stack);
}

static bool tells_hang(const struct ct_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (ct_finding_hang(findings->items[i]) &&
		    findings->items[i]->evidence == CT_OBSERVED)
			return true;
	return false;
}

void ct_text_add_waiting(struct ct_text *out, const struct ct_report *in)
{
	const struct ct_model *model = in->model;
	size_t waiting = 0, told = 0;

	for (size_t i = 0; i < model->thread_count; i++)
		waiting += waits(model->threads[i]);
	if (waiting == 0)
		return;
	ct_text_add(out, "at the end of the record, waiting:\n");
	for (size_t i = 0; i < model->thread_count && told < CT_TEXT_WAITING; i++) {
		if (!waits(model->threads[i]))
			continue;
		add_wait(out, in, model->threads[i]);
		told++;
	}
	if (waiting > told) {
		ct_text_add(out, "  and ");
		ct_text_add_count(out, waiting - told, "more thread");
		ct_text_addc(out, '\n');
	}
	if (!tells_hang(in->findings))
		ct_words_unproved(out, in->naming, model);
	ct_text_addc(out, '\n');
}
