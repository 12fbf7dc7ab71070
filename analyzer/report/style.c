#include "report/style.h"

#include "base/text.h"

void ct_style_begin(struct ct_text *out, bool color, enum ct_style style)
{
	/* Of the eight colours that every terminal has, those legible on black and on white. */
	static const char *const codes[] = {
		[CT_STYLE_ERROR] = "1;31", [CT_STYLE_WARNING] = "1;35", [CT_STYLE_NOTE] = "1;36",
		[CT_STYLE_STRONG] = "1",   [CT_STYLE_HELP] = "1;32",	[CT_STYLE_SOURCE] = "36",
	};

	if (color)
		ct_text_addf(out, "\033[%sm", codes[style]);
}

void ct_style_end(struct ct_text *out, bool color)
{
	if (color)
		ct_text_add(out, "\033[0m");
}

void ct_style_add(struct ct_text *out, bool color, enum ct_style style, const char *text)
{
	ct_style_begin(out, color, style);
	ct_text_add(out, text);
	ct_style_end(out, color);
}
