#include "steer/site.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>

#include "format/ct_plan.h"
#include "record/defs.h"
#include "record/process.h"
#include "record/recorder.h"
#include "record/stack.h"
#include "sys/kernel.h"

static uint64_t program_hash; /* of its path, in place of a build-id */

void ct_site_init(void)
{
	char path[CT_PATH_SIZE];
	long n = CT_SYS(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, sizeof(path) - 1, 0, 0);

	path[n > 0 ? n : 0] = '\0';
	program_hash = ct_plan_module(NULL, 0, path);
}

static uint64_t add_frame(uint64_t site, uintptr_t frame)
{
	struct dl_find_object found;
	const struct link_map *map;
	const uint8_t *id;
	uint16_t length;
	uint64_t module;

	if (_dl_find_object((void *)(frame - 1), &found) != 0)
		return ct_plan_site(site, 0, 0);
	map = found.dlfo_link_map;
	id = ct_defs_build_id(&found, &length);
	if (!id && (!map->l_name || !*map->l_name))
		module = program_hash;
	else
		module = ct_plan_module(id, id ? length : 0, map->l_name);
	return ct_plan_site(site, module, frame - map->l_addr);
}

uint64_t ct_site_caller(uintptr_t pc)
{
	return add_frame(0, pc);
}

/* The frames of a stack are in the thread's cache, where ct_stack_id() has just found or put it,
 * unless it could not be unwound. */
uint64_t ct_site_stack(uintptr_t pc, uintptr_t sp)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);
	const struct ct_stack_entry *e;
	uint64_t site = add_frame(0, pc);
	uint32_t id;

	if (!r)
		return site;
	id = ct_stack_id(r, pc, sp);
	e = &r->stacks->entries[ct_stack_hash(pc, sp)];
	if (e->pc == pc && e->sp == sp && e->id == id)
		for (uint32_t i = 0; i < e->slots && i + 1 < CT_PLAN_FRAMES; i++)
			site = add_frame(site, e->slot[i].value);
	ct_recorder_leave(r);
	return site;
}
