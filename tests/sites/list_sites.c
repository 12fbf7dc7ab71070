/*
 * Preloaded into a program: prints all instructions of it that could get a trap, and ends it.
 * CT_LIST=find takes those that ct_sites_find() chooses instead, and says how long that took.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "access/trap/choose.h"
#include "access/trap/site.h"
#include "sys/kernel.h"

static const size_t most = 2000000;

static void print_site(const struct ct_site *site, uintptr_t base)
{
	printf("%lx %u %u %u %u %u %u %d %lx %02x\n", (unsigned long)(site->address - base),
	       site->length, site->flags, site->size, site->base, site->index, site->scale,
	       site->displacement, (unsigned long)(site->absolute ? site->absolute - base : 0),
	       site->original);
}

static void print_all(const struct ct_decoder *decoder, struct ct_module *module)
{
	struct ct_functions functions;
	struct ct_site_list list = {.items = ct_sys_map(-1, most * sizeof(struct ct_site)),
				    .most = most};

	if (!list.items || !ct_functions_find(module, &functions))
		return;
	ct_module_read_sections(module);
	printf("rseq %d calls %d sections %d\n", module->has_rseq,
	       ct_choose_calls_system(decoder, module, &functions), module->knows_sections);
	if (!ct_choose(decoder, module, &functions, UINT64_MAX / 2, &list))
		return;
	for (size_t i = 0; i < functions.count; i++) {
		const struct ct_function *function = &functions.items[i];

		printf("function %lx %u %u\n", (unsigned long)(function->start - module->base),
		       function->size, function->count);
		for (size_t k = 0; k < function->count; k++)
			print_site(&list.items[function->first + k], module->base);
	}
}

static void print_found(void)
{
	enum ct_trap_aside why;
	struct ct_sites sites;
	uint64_t start = ct_sys_time();
	bool found = ct_sites_find("main", 65536, &sites, &why);

	printf("found %d why %d sites %zu ms %.1f\n", found, why, sites.count,
	       (double)(ct_sys_time() - start) / 1e6);
}

__attribute__((constructor)) static void list_sites(void)
{
	const char *mode = getenv("CT_LIST");
	struct ct_decoder decoder;
	struct ct_module module;

	if (mode && strcmp(mode, "find") == 0)
		print_found();
	else if (ct_decoder_init(&decoder) && ct_modules_find("main", 1, &module) == 1)
		print_all(&decoder, &module);
	fflush(stdout);
	_exit(0);
}
