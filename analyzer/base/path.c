#include "base/path.h"

#include <stddef.h>
#include <string.h>

static bool is_up(const char *part, size_t len)
{
	return len == 2 && part[0] == '.' && part[1] == '.';
}

/* Where the last component begins of those that were kept; `keep`: what no ".." takes away. */
static char *last_part(char *keep, char *end)
{
	while (end > keep && end[-1] != '/')
		end--;
	return end;
}

void ct_path_make_plain(char *path)
{
	char *start = path + (path[0] == '/'), *end = start, *keep = start;

	for (const char *part = path; *part;) {
		size_t len = strcspn(part, "/");
		bool up = is_up(part, len);

		if (up && end > keep) {
			end = last_part(keep, end);
			end -= end > start;
		} else if (len && !(len == 1 && part[0] == '.') && !(up && path[0] == '/')) {
			if (end > start)
				*end++ = '/';
			memmove(end, part, len);
			end += len;
			if (up)
				keep = end;
		}
		part += len + (part[len] == '/');
	}
	if (end == path && *path)
		*end++ = '.';
	*end = '\0';
}

bool ct_path_is_plain(const char *path)
{
	bool leading = true;

	if (!*path || (path[0] == '/' && !path[1]))
		return true;
	for (const char *part = path + (path[0] == '/');; part++) {
		size_t len = strcspn(part, "/");
		bool up = is_up(part, len);

		if (!len || (len == 1 && part[0] == '.') || (up && (!leading || path[0] == '/')))
			return false;
		leading = leading && up;
		part += len;
		if (!*part)
			return true;
	}
}
