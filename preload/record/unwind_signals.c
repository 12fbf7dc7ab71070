#include "record/unwind_signals.h"

#include <dlfcn.h>
#include <link.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/unwind_gate.h"
#include "sys/line.h"

typedef int ct_sigprocmask_fn(int how, const sigset_t *set, sigset_t *out_before);

static ct_sigprocmask_fn *real_sigprocmask;

/* A program may come to use libunwind too, and is outside of the gate then. */
static int spared_sigprocmask(int how, const sigset_t *set, sigset_t *out_before)
{
	if (ct_unwind_gate_inside())
		return 0;
	return real_sigprocmask(how, set, out_before);
}

struct calls { /* of a module into others */
	const ElfW(Rela) * relocations;
	size_t size;
	const ElfW(Sym) * symbols;
	const char *names;
	bool write_protected;
};

static struct calls read_dynamic(const struct link_map *module)
{
	struct calls calls = {0};

	for (const ElfW(Dyn) *d = module->l_ld; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_JMPREL)
			calls.relocations = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_PLTRELSZ)
			calls.size = d->d_un.d_val;
		else if (d->d_tag == DT_SYMTAB)
			calls.symbols = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_STRTAB)
			calls.names = (const void *)d->d_un.d_ptr;
		else if (d->d_tag == DT_BIND_NOW ||
			 (d->d_tag == DT_FLAGS && d->d_un.d_val & DF_BIND_NOW) ||
			 (d->d_tag == DT_FLAGS_1 && d->d_un.d_val & DF_1_NOW))
			calls.write_protected = true;
	}
	return calls;
}

static ct_sigprocmask_fn **find_slot(const struct link_map *module)
{
	struct calls calls = read_dynamic(module);

	if (calls.write_protected || !calls.relocations || !calls.symbols || !calls.names)
		return NULL;
	for (size_t i = 0; i < calls.size / sizeof(*calls.relocations); i++) {
		const ElfW(Rela) *r = &calls.relocations[i];
		const ElfW(Sym) *symbol = &calls.symbols[ELF64_R_SYM(r->r_info)];

		if (ELF64_R_TYPE(r->r_info) == R_X86_64_JUMP_SLOT &&
		    ct_str_equal(calls.names + symbol->st_name, "sigprocmask"))
			return (ct_sigprocmask_fn **)(module->l_addr + r->r_offset);
	}
	return NULL;
}

void ct_unwind_spare_signals(void *library)
{
	struct link_map *module;
	ct_sigprocmask_fn **slot;

	if (dlinfo(library, RTLD_DI_LINKMAP, &module) != 0)
		return;
	slot = find_slot(module);
	if (!slot)
		return;
	real_sigprocmask = *slot; /* bound already: the library was opened with RTLD_NOW */
	*slot = spared_sigprocmask;
}
