#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_github(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_github = {
	.name = "github",
	.extension = "txt",
	.description = "annotations of GitHub Actions",
	.write = write_github,
};
