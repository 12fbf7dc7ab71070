#include "report/reporter.h"

#include "base/text.h"

static enum ct_status write_lines(const struct ct_report *in, struct ct_text *out)
{
	(void)in;
	return ct_text_status(out);
}

const struct ct_reporter ct_report_lines = {
	.name = "lines",
	.extension = "txt",
	.description = "a line for each finding, as compilers do, for editors,",
	.write = write_lines,
};
