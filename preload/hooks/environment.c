#include "hooks/environment.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <unistd.h>

#include "record/process.h"
#include "record/session.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define PRELOAD "LD_PRELOAD="
#define ENTRIES_MAX 100000u

static bool by_environment; /* else somebody sees to it that every program has the library */

#define NO_PAGE UINTPTR_MAX

/* Memory of the program's, asked for page by page. */
struct reader {
	uintptr_t page; /* that can be read */
};

static bool can_read(struct reader *reader, const void *at)
{
	uintptr_t page = (uintptr_t)at >> 12;

	if (page == reader->page)
		return true;
	if (!ct_sys_readable((uintptr_t)at))
		return false;
	reader->page = page;
	return true;
}

/* NUL as well where it cannot be read. */
static char read_char(struct reader *reader, const char *at)
{
	if (!can_read(reader, at))
		return '\0';
	return *at;
}

static bool begins(struct reader *reader, const char *text, const char *prefix)
{
	while (*prefix && read_char(reader, text) == *prefix) {
		text++;
		prefix++;
	}
	return !*prefix;
}

static const char *own_name(void)
{
	struct dl_find_object own;

	if (_dl_find_object(&by_environment, &own) != 0 || !own.dlfo_link_map->l_name)
		return "";
	return ct_str_base(own.dlfo_link_map->l_name);
}

static bool has_library(char *const envp[])
{
	const char *name = own_name();
	struct reader list = {NO_PAGE}, text = {NO_PAGE};

	for (size_t i = 0; i < ENTRIES_MAX; i++) {
		if (!can_read(&list, &envp[i]) || !can_read(&list, (char *)&envp[i + 1] - 1))
			return !!envp;
		if (!envp[i])
			return false;
		if (!begins(&text, envp[i], PRELOAD))
			continue;
		for (const char *at = envp[i]; read_char(&text, at); at++)
			if (begins(&text, at, name))
				return true;
		return false;
	}
	return true;
}

bool ct_environment_carries(char *const envp[])
{
	return !by_environment || has_library(envp);
}

void ct_environment_publish(const char *folder)
{
	static char variable[CT_PATH_SIZE + sizeof(CT_TRACE_VARIABLE)];
	struct ct_line line;
	char **copy;
	size_t n = 0, kept = 0;

	by_environment = has_library(environ);
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
