#include "model/unseen_values.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

#include "model/module_file.h"
#include "model/state.h"

/* What they touch of the program's memory is recorded (preload/access/wraps.def), or what they pass
 * on is an edge of reach, or they pass nothing on. */
static const char *const seen[] = {
	"memcpy",
	"memmove",
	"mempcpy",
	"memset",
	"memcmp",
	"bcmp",
	"memchr",
	"memrchr",
	"qsort",
	"bcopy",
	"bzero",
	"__memcpy_chk",
	"__memmove_chk",
	"__mempcpy_chk",
	"__memset_chk",
	"strlen",
	"strnlen",
	"strcpy",
	"strncpy",
	"stpcpy",
	"stpncpy",
	"strcat",
	"strncat",
	"strcmp",
	"strncmp",
	"strcasecmp",
	"strncasecmp",
	"strchr",
	"strchrnul",
	"strrchr",
	"strstr",
	"strspn",
	"strcspn",
	"strpbrk",
	"strtok_r",
	"strdup",
	"__strdup",
	"strndup",
	"__strcpy_chk",
	"__strncpy_chk",
	"__stpcpy_chk",
	"__stpncpy_chk",
	"__strcat_chk",
	"__strncat_chk",
	"read",
	"__read_chk",
	"readv",
	"pread",
	"pread64",
	"__pread_chk",
	"__pread64_chk",
	"write",
	"writev",
	"pwrite",
	"pwrite64",
	"recv",
	"__recv_chk",
	"recvfrom",
	"__recvfrom_chk",
	"recvmsg",
	"send",
	"sendto",
	"sendmsg",
	"fread",
	"__fread_chk",
	"fwrite",
	"fgets",
	"__fgets_chk",
	"getline",
	"getdelim",
	"__getdelim",
	"snprintf",
	"vsnprintf",
	"sprintf",
	"vsprintf",
	"__snprintf_chk",
	"__sprintf_chk",
	"__vsnprintf_chk",
	"__vsprintf_chk",
	"malloc",
	"calloc",
	"realloc",
	"reallocarray",
	"free",
	"posix_memalign",
	"aligned_alloc",
	"memalign",
	"printf",
	"fprintf",
	"vprintf",
	"vfprintf",
	"__printf_chk",
	"__fprintf_chk",
	"puts",
	"fputs",
	"putchar",
	"putc",
	"fputc",
	"perror",
	"fflush",
	"usleep",
	"nanosleep",
	"clock_nanosleep",
	"sleep",
	"sched_yield",
	"fork",
	"vfork",
	"wait",
	"waitpid",
	"raise",
	"kill",
	"pause",
	"exit",
	"_exit",
	"_Exit",
	"quick_exit",
	"abort",
	"atexit",
	"getpid",
	"gettid",
	"mmap",
	"mmap64",
	"munmap",
	"mprotect",
	"call_once",
	"__once_proxy",
	"pipe",
	"pipe2",
	"close",
	"eventfd",
	"poll",
	"select",
	"epoll_create",
	"epoll_create1",
	"epoll_ctl",
	"epoll_wait",
	"socketpair",
	"__errno_location",
	"__assert_fail",
	"__stack_chk_fail",
	"__tls_get_addr",
	"__libc_start_main",
	"__gmon_start__",
	"stdin",
	"stdout",
	"stderr",
	"_ZSt9terminatev",
	"_ZSt11__once_call",
	"_ZSt15__once_callable",
};

/* So do all functions whose names begin so. */
static const char *const seen_families[] = {
	"pthread_",
	"sem_",
	"mtx_",
	"cnd_",
	"thrd_",
	"__atomic_",
	"__cxa_",
	"__gxx_personality",
	"__gcc_personality",
	"_Unwind_",
	"_ITM_",
	"__tsan_",
	"conctrace_",
	"_Znw",
	"_Zna",
	"_Zdl",
	"_Zda",
	"_ZTI",
	"_ZTS",
	"_ZTV",
	"_ZNSt6thread",
	"_ZNSt18condition_variable",
};

bool ct_passes_seen_values(const char *function)
{
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++)
		if (strcmp(function, seen[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof(seen_families) / sizeof(seen_families[0]); i++)
		if (strncmp(function, seen_families[i], strlen(seen_families[i])) == 0)
			return true;
	return strncmp(function, "_ZSt", 4) == 0 && strstr(function, "__throw_");
}

struct import {
	struct ct_arena *arena;
	const char *name; /* the first that may pass on something */
};

/* Names are borrowed from the file: the one that is found is copied. */
static bool find_import(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, struct import *import)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (int i = 1; data && gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(elf, header->sh_link, symbol.st_name);

		if (symbol.st_shndx != SHN_UNDEF || !name || ct_passes_seen_values(name))
			continue;
		import->name = ct_arena_strdup(import->arena, name);
		return true;
	}
	return false;
}

static bool imports_unseen(Elf *elf, void *context)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section))) {
		GElf_Shdr header;

		if (gelf_getshdr(section, &header) && header.sh_type == SHT_DYNSYM &&
		    find_import(elf, section, &header, context))
			return true;
	}
	return false;
}

static const struct ct_trace_module *module_of(const struct ct_trace *trace,
					       const struct ct_trace_instrumented *at)
{
	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (module->process == at->process && module->image == at->image &&
		    module->start <= at->address && at->address < module->end)
			return module;
	}
	return NULL;
}

/* Several processes run the same files. */
static bool was_asked(const struct ct_trace *trace, size_t until, const char *path)
{
	for (size_t i = 0; i < until; i++) {
		const struct ct_trace_module *module = module_of(trace, &trace->instrumented[i]);

		if (module && strcmp(module->path, path) == 0)
			return true;
	}
	return false;
}

static const char *find(const struct ct_model *model)
{
	const struct ct_trace *trace = model->trace;

	for (size_t i = 0; i < trace->instrumented_count; i++) {
		struct import import = {&ct_model_state(model)->model.arena, NULL};
		const struct ct_trace_module *module = module_of(trace, &trace->instrumented[i]);
		bool has;

		if (!module || was_asked(trace, i, module->path))
			continue;
		if (!ct_module_file_ask(module, imports_unseen, &import, &has))
			return module->path;
		if (has) /* without memory for the name, the module's has to do */
			return import.name ? import.name : module->path;
	}
	return NULL;
}

/* Key of what was found, beside the numbers of processes that unseen_order.c has there. */
#define ALL ((uint64_t)1 << 32)

const char *ct_unseen_values(const struct ct_model *model)
{
	struct ct_map *known = &ct_model_state(model)->unseen_order;
	uint64_t name = 0;

	if (ct_map_get(known, ALL, &name))
		return (const char *)(uintptr_t)name;
	name = (uintptr_t)find(model);
	if (ct_map_put(known, ALL, name) != CT_OK)
		return (const char *)(uintptr_t)name; /* without memory it is asked again */
	return (const char *)(uintptr_t)name;
}

bool ct_values_are_known(const struct ct_model *model)
{
	return model->trace->accesses && !ct_unseen_values(model);
}
