#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_json(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_json = {
	.name = "json",
	.extension = "json",
	.description = "all that is known, as JSON,",
	.write = write_json,
};
