#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_html(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_html = {
	.name = "html",
	.extension = "html",
	.description = "a page for browsers",
	.write = write_html,
};
