#include "report/text_parts.h"

#include "base/source.h"
#include "base/text.h"
#include "finding/stack.h"
#include "report/style.h"

static void add_source(struct ct_text *out, const struct ct_report *in,
		       const struct ct_frame *frame)
{
	struct ct_text line;

	if (!frame->file)
		return;
	ct_text_init(&line);
	if (ct_source_add_line(&line, in->sources, frame->file, frame->line)) {
		ct_text_add(out, "           ");
		ct_style_begin(out, in->color, CT_STYLE_SOURCE);
		ct_text_addf(out, "%d | %s", frame->line, ct_text_str(&line));
		ct_style_end(out, in->color);
		ct_text_addc(out, '\n');
	}
	ct_text_fini(&line);
}

void ct_text_add_stack(struct ct_text *out, const struct ct_report *in, uint32_t process,
		       uint32_t stack)
{
	struct ct_shown_stack shown;
	size_t count;

	ct_stack_shown(in->symbols, process, stack, &shown);
	count = shown.count < CT_TEXT_FRAMES ? shown.count : CT_TEXT_FRAMES;
	for (size_t i = 0; i < count; i++) {
		const struct ct_frame *frame = &shown.frames[i];

		ct_text_add(out, i ? "        by " : "        at ");
		ct_frame_add(out, frame, in->directory);
		ct_text_addc(out, '\n');
		if (frame == shown.top)
			add_source(out, in, frame);
	}
	if (count < shown.count)
		ct_text_addf(out, "        ... %zu more\n", shown.count - count);
}
