#include <dlfcn.h>
#include <link.h>
#include <string.h>

#include "access/trap/choose.h"
#include "access/trap/copies.h"
#include "access/trap/site.h"
#include "sys/kernel.h"

enum { PAGE = 4096 };

/* How long decoding may take in all: it stands between the program and its first thread. */
static const uint64_t decode_ns = 30000000;

static bool add_code(struct ct_code *code, const struct ct_module *module, size_t first,
		     size_t count)
{
	uintptr_t start = UINTPTR_MAX, end = 0;

	for (unsigned i = 0; i < module->code_count; i++) {
		start = start < module->code[i].start ? start : module->code[i].start;
		end = end > module->code[i].end ? end : module->code[i].end;
	}
	*code = (struct ct_code){.start = start & ~(uintptr_t)(PAGE - 1),
				 .end = (end + PAGE - 1) & ~(uintptr_t)(PAGE - 1),
				 .first = first,
				 .count = count};
	return count != 0;
}

/* Appends the chosen sites of a module's functions in the order of their addresses. */
static bool add_module(struct ct_sites *out, const struct ct_module *module,
		       const struct ct_functions *functions, const struct ct_site_list *list,
		       enum ct_trap_aside *why)
{
	struct ct_code *code = &out->code[out->modules];
	size_t first = out->count;

	for (size_t i = 0; i < functions->count; i++) {
		const struct ct_function *function = &functions->items[i];

		memcpy(out->items + out->count, list->items + function->first,
		       function->count * sizeof(*out->items));
		out->count += function->count;
	}
	*why = CT_TRAP_NO_CODE;
	if (add_code(code, module, first, out->count - first) &&
	    ct_copies_make(module, out->items + first, code, why)) {
		out->modules++;
		return true;
	}
	ct_copies_free(code);
	*code = (struct ct_code){0};
	out->count = first;
	return false;
}

/* Whether it has the functions that are called for malloc and free. libc calls them as a detached
 * thread ends, when all signals are blocked: the kernel kills a process that meets a trap then. */
static bool allocates(const struct ct_module *module)
{
	struct dl_find_object own;
	void *first = NULL, *symbol = NULL;
	Dl_info info;

	/* libc's handle of the program: its symbols come before our hooks. (Libraries that it was
	 * linked with have none that dlsym() takes.) */
	if (module->is_program && _dl_find_object((void *)module->code[0].start, &own) == 0)
		first = dlsym(own.dlfo_link_map, "free");
	/* its address in a program that is no PIE is that of the program's jump to libc's */
	if (first && dladdr1(first, &info, &symbol, RTLD_DL_SYMENT) && symbol &&
	    ((const ElfW(Sym) *)symbol)->st_shndx == SHN_UNDEF)
		first = NULL;
	return ct_module_is_code(module, (uintptr_t)first) ||
	       ct_module_is_code(module, (uintptr_t)dlsym(RTLD_NEXT, "free"));
}

static enum ct_trap_aside obstacle(const struct ct_decoder *decoder, const struct ct_module *module,
				   const struct ct_functions *functions)
{
	size_t code = 0;

	for (unsigned i = 0; i < module->code_count; i++)
		code += module->code[i].end - module->code[i].start;
	if (module->has_rseq)
		return CT_TRAP_RSEQ;
	if (allocates(module))
		return CT_TRAP_SIGNAL;
	/* Code of another language's compiler, that makes no such tables. What begins and ends each
	 * program has none either, and may be more than the program. */
	if (module->knows_sections && code > 2 * ct_functions_bytes(functions) + PAGE)
		return CT_TRAP_NO_TABLES;
	if (ct_choose_calls_system(decoder, module, functions))
		return CT_TRAP_SYSTEM_CALLS;
	return CT_TRAP_STAYS;
}

static bool find_in_module(const struct ct_decoder *decoder, struct ct_module *module,
			   uint64_t time_ns, struct ct_site_list *list, struct ct_sites *out,
			   enum ct_trap_aside *why)
{
	struct ct_functions functions;
	bool found = false;

	*why = CT_TRAP_NO_TABLES;
	if (!ct_functions_find(module, &functions))
		return false;
	ct_module_read_sections(module);
	*why = obstacle(decoder, module, &functions);
	list->count = 0;
	if (*why == CT_TRAP_STAYS) {
		*why = CT_TRAP_NO_MEMORY;
		found = ct_choose(decoder, module, &functions, time_ns, list) &&
			add_module(out, module, &functions, list, why);
	}
	ct_functions_free(&functions);
	return found;
}

/* By the address of their code, as the sites are to be. */
static void sort_modules(struct ct_module *modules, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		struct ct_module module = modules[i];
		size_t place = i;

		for (; place && modules[place - 1].whole.start > module.whole.start; place--)
			modules[place] = modules[place - 1];
		modules[place] = module;
	}
}

/* A library without sites is left out; the main program with an obstacle is one for all. */
static bool find_in_all(const struct ct_decoder *decoder, const char *which, size_t most,
			struct ct_site_list *list, struct ct_sites *out, enum ct_trap_aside *why)
{
	struct ct_module modules[CT_SITE_MODULES];
	size_t count = ct_modules_find(which, CT_SITE_MODULES, modules);
	enum ct_trap_aside not_here;

	*why = CT_TRAP_NO_CODE;
	sort_modules(modules, count);
	for (size_t i = 0; i < count; i++) {
		size_t left = count - i;

		list->most = (most - out->count) / left;
		if (!find_in_module(decoder, &modules[i], decode_ns / count, list, out,
				    &not_here)) {
			*why = not_here;
			if (modules[i].is_program && not_here != CT_TRAP_NO_CODE)
				return false;
		}
	}
	return out->count != 0;
}

bool ct_sites_find(const char *which, size_t most, struct ct_sites *out, enum ct_trap_aside *why)
{
	struct ct_decoder decoder;
	struct ct_site_list list;
	size_t size = (most ? most : 1) * sizeof(*out->items);
	bool found = false;

	*out = (struct ct_sites){0};
	*why = CT_TRAP_NO_DECODER;
	if (!ct_decoder_init(&decoder))
		return false;
	*why = CT_TRAP_NO_MEMORY;
	list = (struct ct_site_list){.items = ct_sys_map(-1, size)};
	out->items = ct_sys_map(-1, size);
	out->items_size = size;
	if (list.items && out->items)
		found = find_in_all(&decoder, which, most, &list, out, why);
	if (list.items)
		ct_sys_unmap(list.items, size);
	if (!found)
		ct_sites_free(out);
	else
		*why = CT_TRAP_STAYS;
	return found;
}

void ct_sites_free(struct ct_sites *sites)
{
	for (uint32_t i = 0; i < sites->modules; i++)
		ct_copies_free(&sites->code[i]);
	if (sites->items)
		ct_sys_unmap(sites->items, sites->items_size);
	*sites = (struct ct_sites){0};
}

/* The last site that begins at or before an address; NULL: none. */
static struct ct_site *last_from(const struct ct_sites *sites, uintptr_t address)
{
	size_t low = 0, high = sites->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sites->items[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &sites->items[low - 1] : NULL;
}

struct ct_site *ct_sites_at(const struct ct_sites *sites, uintptr_t address)
{
	struct ct_site *site = last_from(sites, address);

	return site && site->address == address ? site : NULL;
}

struct ct_site *ct_sites_before(const struct ct_sites *sites, uintptr_t address)
{
	struct ct_site *site = address ? last_from(sites, address - 1) : NULL;

	return site && site->address + site->length == address ? site : NULL;
}

struct ct_site *ct_sites_of_copy(const struct ct_sites *sites, uintptr_t address, bool *out_done)
{
	for (uint32_t i = 0; i < sites->modules; i++) {
		const struct ct_code *code = &sites->code[i];
		size_t index = (address - code->copies) / CT_COPY_SIZE;
		struct ct_site *site;

		if (address < code->copies || index >= code->count)
			continue;
		site = &sites->items[code->first + index];
		*out_done = address - site->copy >= site->length;
		return site;
	}
	return NULL;
}

/* From the first site to the last: the pages have constants as well, if the linker put them there.
 */
bool ct_sites_has_code(const struct ct_sites *sites, uintptr_t address, size_t size)
{
	for (uint32_t i = 0; i < sites->modules; i++) {
		const struct ct_code *code = &sites->code[i];
		const struct ct_site *first = &sites->items[code->first];
		const struct ct_site *last = first + code->count - 1;

		if (address < last->address + last->length && address + size > first->address)
			return true;
	}
	return false;
}
