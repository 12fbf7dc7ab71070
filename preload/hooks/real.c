#include "hooks/real.h"

#include <dlfcn.h>
#include <stddef.h>

#include "record/recorder.h"

struct ct_real ct_real;

/* A function that this libc lacks stays NULL: no program can have been linked to it. */
void ct_real_resolve(void)
{
	static const struct {
		size_t offset;
		const char *name, *version;
	} rows[] = {
#define HOOK(SHAPE, EVENT, result, name, params, args, object, version)                            \
	{offsetof(struct ct_real, name), #name, version},
#define NOT_SEEN(FAMILY, name, why)
#include "hooks/hooks.def"
#undef HOOK
#undef NOT_SEEN
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		void **slot = (void **)((char *)&ct_real + rows[i].offset);
		void *found = NULL;

		if (rows[i].version)
			found = dlvsym(RTLD_NEXT, rows[i].name, rows[i].version);
		if (!found)
			found = dlsym(RTLD_NEXT, rows[i].name);
		*slot = found;
	}
}
