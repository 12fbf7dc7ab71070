#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_junit(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_junit = {
	.name = "junit",
	.extension = "xml",
	.description = "JUnit XML",
	.write = write_junit,
};
