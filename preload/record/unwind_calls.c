#include "record/unwind_calls.h"

#include <dlfcn.h>
#include <errno.h>
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

static int no_pipe2(int ends[2], int flags)
{
	(void)ends;
	(void)flags;
	errno = ENOSYS;
	return -1;
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

static void **find_slot(const struct link_map *module, const char *name)
{
	struct calls calls = read_dynamic(module);

	if (calls.write_protected || !calls.relocations || !calls.symbols || !calls.names)
		return NULL;
	for (size_t i = 0; i < calls.size / sizeof(*calls.relocations); i++) {
		const ElfW(Rela) *r = &calls.relocations[i];
		const ElfW(Sym) *symbol = &calls.symbols[ELF64_R_SYM(r->r_info)];

		if (ELF64_R_TYPE(r->r_info) == R_X86_64_JUMP_SLOT &&
		    ct_str_equal(calls.names + symbol->st_name, name))
			return (void **)(module->l_addr + r->r_offset);
	}
	return NULL;
}

bool ct_unwind_answer_calls(void *library)
{
	int (*pipe2_answer)(int *, int) = no_pipe2;
	ct_sigprocmask_fn *sigprocmask_answer = spared_sigprocmask;
	struct link_map *module;
	void **slot;

	if (dlinfo(library, RTLD_DI_LINKMAP, &module) != 0)
		return false;
	slot = find_slot(module, "pipe2");
	if (!slot)
		return false;
	__builtin_memcpy(slot, &pipe2_answer, sizeof(*slot));
	slot = find_slot(module, "sigprocmask");
	if (!slot)
		return true;
	/* Bound already: the library was opened with RTLD_NOW. */
	__builtin_memcpy(&real_sigprocmask, slot, sizeof(*slot));
	__builtin_memcpy(slot, &sigprocmask_answer, sizeof(*slot));
	return true;
}
