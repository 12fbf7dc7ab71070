#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_check50(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_check50 = {
	.name = "check50",
	.extension = "json",
	.description = "check50's JSON",
	.write = write_check50,
};
