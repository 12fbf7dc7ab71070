#include "report/words.h"

#include <string.h>

#include "base/text.h"
#include "finding/finding.h"
#include "finding/headline.h"
#include "model/names.h"

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

void ct_words_headline(struct ct_text *out, struct ct_naming *naming,
		       const struct ct_finding *finding)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_finding_headline(finding, name_object, naming, &text);
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
		return "waits to read from";
	case CT_WAIT_WRITE:
		return "waits to write to";
	default:
		return "waits for";
	}
}
