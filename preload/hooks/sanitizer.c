#include "hooks/sanitizer.h"

#include <dlfcn.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

#include "record/process.h"

/* Of the shared runtimes of gcc and clang. Not dl_iterate_phdr, which they stand before: they may
 * not have begun when we ask. */
static bool shared_runtime(const struct link_map *map)
{
	for (; map; map = map->l_next) {
		const char *slash = strrchr(map->l_name, '/');
		const char *name = slash ? slash + 1 : map->l_name;

		if (strncmp(name, "libtsan.so", 10) == 0 ||
		    strncmp(name, "libclang_rt.tsan", 16) == 0)
			return true;
	}
	return false;
}

/* Whether the program itself has a function of libc; one that there is, lest dlsym make a message
 * of it that it is not. Not RTLD_DEFAULT: this library would find itself first, which it is linked
 * to do (-Bsymbolic). The handle of what is loaded is its map. */
static bool in_program(const char *function, struct link_map *first)
{
	void *found = dlsym(first, function);
	struct dl_find_object object;

	return found && _dl_find_object(found, &object) == 0 && object.dlfo_link_map == first;
}

bool ct_sanitizer_present(void)
{
	struct dl_find_object own;
	struct link_map *first;

	if (_dl_find_object(&ct_state, &own) != 0)
		return false;
	first = own.dlfo_link_map;
	while (first->l_prev)
		first = first->l_prev;
	/* linked into the program, its names are hidden, but not those that it stands before; it
	 * is the only one that does so for both of these */
	return shared_runtime(first) ||
	       (in_program("pthread_once", first) && in_program("pthread_barrier_wait", first));
}
