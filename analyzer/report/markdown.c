#include "report/markdown.h"

#include <string.h>

#include "base/text.h"

void ct_markdown_add(struct ct_text *out, const char *text)
{
	static const char marks[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
	struct ct_text clean;

	ct_text_init(&clean);
	ct_text_utf8(&clean, text, strlen(text));
	for (const char *at = ct_text_str(&clean); *at; at++) {
		if (strchr(marks, *at))
			ct_text_addc(out, '\\');
		if (*at == '\n' || *at == '\r')
			ct_text_addc(out, ' ');
		else
			ct_text_addc(out, *at);
	}
	out->failed |= clean.failed;
	ct_text_fini(&clean);
}

/* Both elements are HTML, so that no mark of Markdown counts in them. The empty line ends the
 * first block; the second one, of <pre>, ends at its end tag only, whatever lines it has. */
void ct_markdown_add_folded(struct ct_text *out, const char *title, const char *text)
{
	ct_text_add(out, "<details>\n<summary>");
	ct_text_add_xml(out, title);
	ct_text_add(out, "</summary>\n\n<pre>\n");
	ct_text_add_xml(out, text);
	ct_text_add(out, "</pre>\n</details>\n\n");
}
