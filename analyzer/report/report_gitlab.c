#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_gitlab(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_gitlab = {
	.name = "gitlab",
	.extension = "json",
	.description = "GitLab's Code Quality report",
	.write = write_gitlab,
};
