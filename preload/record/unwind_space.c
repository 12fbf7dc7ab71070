#include "record/unwind_space.h"

#include <dlfcn.h>
#include <libunwind-x86_64.h>
#include <stddef.h>

#include "record/unwind.h"
#include "record/unwind_memory.h"
#include "record/unwind_modules.h"
#include "record/unwind_calls.h"

#define LIBRARY "libunwind-x86_64.so.8"

/* In libunwind's library but not in its headers. */
typedef int ct_search_fn(unw_addr_space_t space, unw_word_t ip, unw_dyn_info_t *table,
			 unw_proc_info_t *out_info, int need_unwind_info, void *arg);

/* FUNCTION(field, name in the library, type) */
#define FUNCTIONS(FUNCTION)                                                                        \
	FUNCTION(create, "_Ux86_64_create_addr_space", __typeof__(unw_create_addr_space) *)        \
	FUNCTION(set_caching_policy, "_Ux86_64_set_caching_policy",                                \
		 __typeof__(unw_set_caching_policy) *)                                             \
	FUNCTION(flush_cache, "_Ux86_64_flush_cache", __typeof__(unw_flush_cache) *)               \
	FUNCTION(begin, "_Ux86_64_init_remote", __typeof__(unw_init_remote) *)                     \
	FUNCTION(step, "_Ux86_64_step", __typeof__(unw_step) *)                                    \
	FUNCTION(get_reg, "_Ux86_64_get_reg", __typeof__(unw_get_reg) *)                           \
	FUNCTION(get_save_loc, "_Ux86_64_get_save_loc", __typeof__(unw_get_save_loc) *)            \
	FUNCTION(is_signal_frame, "_Ux86_64_is_signal_frame", __typeof__(unw_is_signal_frame) *)   \
	FUNCTION(search, "_Ux86_64_dwarf_search_unwind_table", ct_search_fn *)

static struct {
#define FUNCTION(field, name, type) type field;
	FUNCTIONS(FUNCTION)
#undef FUNCTION
} libunwind;

/* The walk that is going on. Static to spare the stack, which may be a small alternate one. */
static struct {
	unw_addr_space_t space;
	unw_cursor_t cursor;
	struct ct_unwind_registers registers;
	struct ct_unwind_memory memory;
	uintptr_t sp;
} walk;

/* How .eh_frame_hdr begins, in the only encoding that linkers write. */
struct index_head {
	uint8_t version, frame_encoding, count_encoding, table_encoding;
	int32_t frame;
	uint32_t count;
};

struct index_row {
	int32_t function, entry; /* relative to the index */
};

static const uint8_t index_encoding[4] = {1, 0x1b, 0x03, 0x3b};

/* The row of the function that `ip` is in, or NULL. libunwind would find it too, in 100 reads. */
static const struct index_row *find_row(const struct ct_unwind_module *module, uintptr_t ip)
{
	const struct index_head *head = (const void *)module->index;
	const struct index_row *rows = (const void *)(head + 1);
	int64_t offset = (int64_t)(ip - module->index);
	uint32_t low = 0, high;

	if (!ct_unwind_memory_can_read(&walk.memory, module->index, sizeof(*head)) ||
	    __builtin_memcmp(head, index_encoding, sizeof(index_encoding)) != 0)
		return NULL;
	high = head->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (!ct_unwind_memory_can_read(&walk.memory, (uintptr_t)&rows[middle],
					       sizeof(*rows)))
			return NULL;
		if (offset < rows[middle].function)
			high = middle;
		else
			low = middle + 1;
	}
	return low ? &rows[low - 1] : NULL;
}

/* Any failure but ENOINFO: that one would make libunwind guess. */
static int find_proc_info(unw_addr_space_t space, unw_word_t ip, unw_proc_info_t *out_info,
			  int need_unwind_info, void *arg)
{
	struct ct_unwind_module module;
	const struct index_row *row;
	unw_dyn_info_t table = {.format = UNW_INFO_FORMAT_REMOTE_TABLE};

	if (!ct_unwind_module_find(ip, &module) || module.index == 0)
		return -UNW_ESTOPUNWIND;
	row = find_row(&module, ip);
	if (!row)
		return -UNW_ESTOPUNWIND;
	table.start_ip = module.start;
	table.end_ip = module.end;
	table.u.rti.segbase = module.index;
	table.u.rti.table_data = (unw_word_t)row;
	table.u.rti.table_len = sizeof(*row) / sizeof(unw_word_t);
	if (libunwind.search(space, ip, &table, out_info, need_unwind_info, arg) != 0)
		return -UNW_ESTOPUNWIND;
	return 0;
}

/* libunwind 1.6.2 frees by itself what search allocated, and does not call this. */
static void put_unwind_info(unw_addr_space_t space, unw_proc_info_t *info, void *arg)
{
	(void)space;
	(void)info;
	(void)arg;
}

static int get_dyn_info_list_addr(unw_addr_space_t space, unw_word_t *out_address, void *arg)
{
	(void)space;
	(void)out_address;
	(void)arg;
	return -UNW_ENOINFO;
}

static int access_mem(unw_addr_space_t space, unw_word_t address, unw_word_t *word, int write,
		      void *arg)
{
	(void)space;
	(void)arg;
	if (write || !ct_unwind_memory_read(&walk.memory, address, word))
		return -UNW_EINVAL;
	return 0;
}

static bool survives_calls(unw_regnum_t number)
{
	return number == UNW_X86_64_RBX || number == UNW_X86_64_RBP || number == UNW_X86_64_RSP ||
	       (number >= UNW_X86_64_R12 && number <= UNW_X86_64_RIP);
}

static int access_reg(unw_addr_space_t space, unw_regnum_t number, unw_word_t *value, int write,
		      void *arg)
{
	(void)space;
	(void)arg;
	if (write || !survives_calls(number))
		return -UNW_EBADREG;
	*value = walk.registers.value[number];
	return 0;
}

static int access_fpreg(unw_addr_space_t space, unw_regnum_t number, unw_fpreg_t *value, int write,
			void *arg)
{
	(void)space;
	(void)number;
	(void)value;
	(void)write;
	(void)arg;
	return -UNW_EBADREG;
}

static int resume(unw_addr_space_t space, unw_cursor_t *cursor, void *arg)
{
	(void)space;
	(void)cursor;
	(void)arg;
	return -UNW_EINVAL;
}

static int get_proc_name(unw_addr_space_t space, unw_word_t address, char *buffer, size_t size,
			 unw_word_t *out_offset, void *arg)
{
	(void)space;
	(void)address;
	(void)buffer;
	(void)size;
	(void)out_offset;
	(void)arg;
	return -UNW_ENOINFO;
}

/*
 * Local, so that the _Unwind_* and backtrace that libunwind.so.8 exports stand in nobody's way, and
 * bound to libc before the program, so that its locks and its one malloc are not the program's.
 * Sanitizers end a process that asks for the latter.
 */
static void *load_library(void)
{
	int flags = RTLD_NOW | RTLD_LOCAL;

	if (!dlsym(RTLD_DEFAULT, "__sanitizer_print_stack_trace"))
		flags |= RTLD_DEEPBIND;
	return dlopen(LIBRARY, flags); /* lint: allow-dlopen at start, nothing is recorded yet */
}

int ct_unwind_space_init(void)
{
	unw_accessors_t accessors = {
		.find_proc_info = find_proc_info,
		.put_unwind_info = put_unwind_info,
		.get_dyn_info_list_addr = get_dyn_info_list_addr,
		.access_mem = access_mem,
		.access_reg = access_reg,
		.access_fpreg = access_fpreg,
		.resume = resume,
		.get_proc_name = get_proc_name,
	};
	void *library, *symbol;

	/* A program that uses this library too shares its locks with us, outside of our gate. */
	if (dlopen(LIBRARY, RTLD_NOW | RTLD_NOLOAD)) /* lint: allow-dlopen as above */
		return -1;
	library = load_library();
	if (!library)
		return -1;
#define FUNCTION(field, name, type)                                                                \
	symbol = dlsym(library, name);                                                             \
	if (!symbol)                                                                               \
		return -1;                                                                         \
	__builtin_memcpy(&libunwind.field, &symbol, sizeof(symbol));
	FUNCTIONS(FUNCTION)
#undef FUNCTION
	if (!ct_unwind_answer_calls(library))
		return -1;
	walk.space = libunwind.create(&accessors, 0);
	if (!walk.space)
		return -1;
	if (libunwind.set_caching_policy(walk.space, UNW_CACHE_GLOBAL) != 0)
		return -1;
	return 0;
}

void ct_unwind_space_flush(void)
{
	libunwind.flush_cache(walk.space, 0, 0);
}

bool ct_unwind_space_begin(const struct ct_unwind_registers *registers, uintptr_t stack_high)
{
	walk.registers = *registers;
	walk.sp = registers->value[UNW_X86_64_RSP];
	return ct_unwind_memory_init(&walk.memory, walk.sp, stack_high) &&
	       libunwind.begin(&walk.cursor, walk.space, NULL) == 0;
}

bool ct_unwind_space_step(struct ct_unwind_frame *out_frame)
{
	unw_save_loc_t place;
	unw_word_t pc, sp;

	if (libunwind.step(&walk.cursor) <= 0 ||
	    libunwind.get_reg(&walk.cursor, UNW_X86_64_RIP, &pc) != 0 || pc == 0 ||
	    libunwind.get_reg(&walk.cursor, UNW_X86_64_RSP, &sp) != 0 ||
	    libunwind.get_save_loc(&walk.cursor, UNW_X86_64_RIP, &place) != 0 ||
	    place.type != UNW_SLT_MEMORY || !ct_unwind_memory_is_stack(&walk.memory, place.u.addr))
		return false;
	/* Outwards is upwards, unless a signal came while another stack was in use. */
	if (sp <= walk.sp && libunwind.is_signal_frame(&walk.cursor) <= 0)
		return false;
	walk.sp = sp;
	out_frame->pc = pc;
	out_frame->slot = place.u.addr;
	return true;
}
