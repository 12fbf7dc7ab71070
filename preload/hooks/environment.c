#include "hooks/environment.h"

#include <stddef.h>
#include <unistd.h>

#include "record/process.h"
#include "record/session.h"
#include "sys/kernel.h"
#include "sys/line.h"

void ct_environment_publish(const char *folder)
{
	static char variable[CT_PATH_SIZE + sizeof(CT_TRACE_VARIABLE)];
	struct ct_line line;
	char **copy;
	size_t n = 0, kept = 0;

	ct_line_init(&line, variable, sizeof(variable));
	ct_line_add(&line, CT_TRACE_VARIABLE "=");
	ct_line_add(&line, folder);
	while (environ && environ[n])
		n++;
	copy = ct_sys_map(-1, (n + 2) * sizeof(*copy));
	if (!copy || line.cut)
		return;
	for (size_t i = 0; i < n; i++)
		if (!ct_str_begins(environ[i], CT_TRACE_VARIABLE "="))
			copy[kept++] = environ[i];
	copy[kept] = variable;
	environ = copy;
}
