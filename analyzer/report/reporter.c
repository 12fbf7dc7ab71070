#include "report/reporter.h"

#include <stddef.h>
#include <string.h>

const struct ct_reporter *const ct_reporters[] = {
#define REPORTER(name) &ct_report_##name,
#include "report/reporters.def"
#undef REPORTER
	NULL,
};

const struct ct_reporter *ct_reporter_find(const char *name)
{
	for (size_t i = 0; ct_reporters[i]; i++)
		if (strcmp(ct_reporters[i]->name, name) == 0)
			return ct_reporters[i];
	return NULL;
}
