#include "record/defs.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>

#include "record/process.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define DEF_SIZE 1536u /* small, see CT_PATH_SIZE */

/* A packet under construction on the caller's stack. */
struct def {
	struct ct_process *process;
	char *at;
	char bytes[DEF_SIZE];
};

static void *def_begin(struct def *def, struct ct_process *process, uint16_t id, size_t payload)
{
	struct ct_packet *packet = (struct ct_packet *)def->bytes;
	struct ct_event_header *header = (struct ct_event_header *)(packet + 1);

	*packet = (struct ct_packet){
		.header = {.magic = CT_CTF_MAGIC, .stream_id = CT_STREAM_DEFS},
		.context = {.timestamp_begin = process->begin,
			    .timestamp_end = process->begin,
			    .pid = process->pid,
			    .process = process->number},
	};
	__builtin_memcpy(packet->header.uuid, ct_state.session->uuid, CT_UUID_SIZE);
	*header = (struct ct_event_header){.timestamp = process->begin, .id = id};
	def->process = process;
	def->at = (char *)(header + 1) + payload;
	return header + 1;
}

static void def_string(struct def *def, const char *text)
{
	struct ct_line line;

	ct_line_init(&line, def->at, (size_t)(def->bytes + DEF_SIZE - def->at));
	ct_line_add(&line, text);
	def->at = line.at + 1;
}

/* No sequence numbers: two threads may append in another order than they would take theirs. */
static void def_write(struct def *def)
{
	struct ct_packet *packet = (struct ct_packet *)def->bytes;
	size_t size = (size_t)(def->at - def->bytes);
	char path[CT_PATH_SIZE];
	struct ct_line line;
	int fd;

	if (def->process->stopped)
		return;
	packet->context.content_size = packet->context.packet_size = size * 8;
	ct_line_init(&line, path, sizeof(path));
	ct_line_add(&line, ct_state.folder);
	ct_line_add(&line, "/p");
	ct_line_add_u64(&line, def->process->number);
	ct_line_add(&line, ".defs");
	if (ct_sys_limit(RLIMIT_FSIZE) != RLIM_INFINITY) {
		struct stat info;
		uint64_t so_far = ct_sys_stat(path, &info) == 0 ? (uint64_t)info.st_size : 0;

		/* Writing past the limit would send the program a SIGXFSZ. */
		if (so_far + size > ct_sys_limit(RLIMIT_FSIZE)) {
			ct_process_incomplete(def->process);
			return;
		}
	}
	fd = ct_sys_open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
	if (fd < 0 || ct_sys_write(fd, def->bytes, size) != (long)size) {
		/* a descriptor may be free later, and who acts as another user may be back */
		if (fd != -EMFILE && fd != -ENFILE && fd != -EACCES)
			def->process->stopped = 1;
		if (fd == -EACCES)
			ct_process_denied(def->process);
		ct_process_incomplete(def->process);
	}
	if (fd >= 0)
		ct_sys_close(fd);
}

static void add_command(struct def *def)
{
	char text[1024];
	struct ct_line line;
	int fd = ct_sys_open("/proc/self/cmdline", O_RDONLY, 0);
	long n = fd < 0 ? 0 : ct_sys_read(fd, text, sizeof(text));

	if (fd >= 0)
		ct_sys_close(fd);
	ct_line_init(&line, def->at, (size_t)(def->bytes + DEF_SIZE - def->at));
	for (long i = 0; i < n; i++) {
		if (text[i])
			ct_line_add_char(&line, text[i]);
		else if (i + 1 < n)
			ct_line_add_char(&line, ' ');
	}
	def->at = line.at + 1;
}

void ct_defs_process(struct ct_process *process, uint32_t creator)
{
	struct def def;
	struct ct_payload_process *p =
		def_begin(&def, process, CT_DEF_PROCESS, sizeof(struct ct_payload_process));

	p->time = process->begin;
	p->pid = process->pid;
	p->parent_pid = ct_sys_parent_pid();
	p->process = process->number;
	p->parent = process->parent;
	p->image = process->image;
	p->creator = creator;
	add_command(&def);
	def_write(&def);
}

void ct_defs_stack(struct ct_process *process, uint32_t stack, const uint64_t *frames,
		   uint32_t depth)
{
	struct def def;
	struct ct_payload_stack *p;

	for (uint32_t i = 0; i < depth; i++)
		ct_defs_module_of(process, (uintptr_t)frames[i] - 1);
	p = def_begin(&def, process, CT_DEF_STACK, sizeof(*p) + depth * sizeof(*frames));
	p->stack = stack;
	p->depth = (uint16_t)depth;
	__builtin_memcpy(p + 1, frames, depth * sizeof(*frames));
	def_write(&def);
}

void ct_defs_map(struct ct_process *process, const void *start, size_t size, uint64_t device,
		 uint64_t inode, uint64_t offset)
{
	struct def def;
	struct ct_payload_map *p =
		def_begin(&def, process, CT_DEF_MAP, sizeof(struct ct_payload_map));

	*p = (struct ct_payload_map){ct_clock_now(), (uintptr_t)start, size, device, inode, offset};
	def_write(&def);
}

static void define_end(struct ct_process *process, uint16_t id, uintptr_t start, size_t size)
{
	struct def def;
	struct ct_payload_unmap *p = def_begin(&def, process, id, sizeof(*p));

	*p = (struct ct_payload_unmap){ct_clock_now(), start, size};
	def_write(&def);
}

void ct_defs_unmap(struct ct_process *process, const void *start, size_t size)
{
	define_end(process, CT_DEF_UNMAP, (uintptr_t)start, size);
}

static void define_name(struct ct_process *process, uint16_t id, uint64_t object, const char *name)
{
	struct def def;
	struct ct_payload_name *p = def_begin(&def, process, id, sizeof(struct ct_payload_name));

	p->time = ct_clock_now();
	p->object = object;
	def_string(&def, name);
	def_write(&def);
}

void ct_defs_object_name(struct ct_process *process, const void *object, const char *name)
{
	define_name(process, CT_DEF_OBJECT_NAME, (uintptr_t)object, name);
}

void ct_defs_thread_name(struct ct_process *process, uint32_t thread, const char *name)
{
	define_name(process, CT_DEF_THREAD_NAME, thread, name);
}

void ct_defs_unseen(struct ct_process *process, enum ct_unseen why, const char *code)
{
	define_name(process, CT_DEF_UNSEEN, why, code);
}

void ct_defs_instrumented(struct ct_process *process, const void *within)
{
	ct_defs_module_of(process, (uintptr_t)within);
	define_name(process, CT_DEF_INSTRUMENTED, (uintptr_t)within, "");
}

void ct_defs_fd(struct ct_process *process, int fd, uint32_t access, uint64_t inode)
{
	struct def def;
	struct ct_payload_fd *p = def_begin(&def, process, CT_DEF_FD, sizeof(*p));

	*p = (struct ct_payload_fd){(uint32_t)fd, access, inode};
	def_write(&def);
}

void ct_defs_socket(struct ct_process *process, uint64_t inode, const char *local, const char *peer)
{
	struct def def;
	struct ct_payload_socket *p = def_begin(&def, process, CT_DEF_SOCKET, sizeof(*p));

	*p = (struct ct_payload_socket){ct_clock_now(), inode};
	def_string(&def, local);
	def_string(&def, peer);
	def_write(&def);
}

/* The build-id of a loaded module, from its PT_NOTE segments in memory. */
static const uint8_t *build_id(const ElfW(Ehdr) * ehdr, uintptr_t bias, uint16_t *out_length)
{
	const ElfW(Phdr) *phdr = (const ElfW(Phdr) *)((const char *)ehdr + ehdr->e_phoff);

	for (int i = 0; i < ehdr->e_phnum; i++) {
		const char *at = (const char *)(bias + phdr[i].p_vaddr);
		const char *end = at + phdr[i].p_memsz;

		if (phdr[i].p_type != PT_NOTE)
			continue;
		while (end - at > (long)sizeof(ElfW(Nhdr))) {
			const ElfW(Nhdr) *note = (const void *)at;
			const char *name = at + sizeof(*note);
			const char *data = name + ((note->n_namesz + 3u) & ~3u);

			if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
			    ct_str_equal(name, "GNU") && note->n_descsz <= 64) {
				*out_length = (uint16_t)note->n_descsz;
				return (const uint8_t *)data;
			}
			at = data + ((note->n_descsz + 3u) & ~3u);
		}
	}
	return NULL;
}

const uint8_t *ct_defs_build_id(const struct dl_find_object *module, uint16_t *out_length)
{
	const ElfW(Ehdr) *ehdr = module->dlfo_map_start;

	*out_length = 0;
	if (__builtin_memcmp(ehdr->e_ident, ELFMAG, SELFMAG) != 0 ||
	    ehdr->e_phoff >= 4096 - 64 * sizeof(ElfW(Phdr)))
		return NULL;
	return build_id(ehdr, module->dlfo_link_map->l_addr, out_length);
}

/* ld.so names the program itself "": ask the kernel. */
static void add_module_path(struct def *def, const char *name)
{
	if (*name) {
		def_string(def, name);
		return;
	}
	long room = def->bytes + DEF_SIZE - def->at - 1;
	long n = CT_SYS(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", def->at, room, 0, 0);

	def->at[n > 0 ? n : 0] = '\0';
	def->at += (n > 0 ? n : 0) + 1;
}

static void define_module(struct ct_process *process, const struct dl_find_object *found)
{
	const struct link_map *map = found->dlfo_link_map;
	struct def def;
	struct ct_payload_module *p =
		def_begin(&def, process, CT_DEF_MODULE, sizeof(struct ct_payload_module));
	uint16_t length;
	const uint8_t *id = ct_defs_build_id(found, &length);

	p->time = ct_clock_now();
	p->start = (uintptr_t)found->dlfo_map_start;
	p->end = (uintptr_t)found->dlfo_map_end;
	p->bias = map->l_addr;
	p->build_id_length = length;
	if (id) {
		__builtin_memcpy(def.at, id, length);
		def.at += length;
	}
	add_module_path(&def, map->l_name ? map->l_name : "");
	def_write(&def);
}

#define BEING_FILLED 1u /* `start` of an entry */

static bool is_module(const struct ct_known_module *known, const struct dl_find_object *found)
{
	return known->start == (uintptr_t)found->dlfo_map_start &&
	       known->map == found->dlfo_link_map && known->name == found->dlfo_link_map->l_name;
}

void ct_defs_module_of(struct ct_process *process, uintptr_t address)
{
	struct dl_find_object found;

	if (_dl_find_object((void *)address, &found) != 0)
		return;
	for (uint32_t i = 0; i < CT_MODULES_KNOWN; i++) {
		struct ct_known_module *known = &process->modules[i];
		uintptr_t unused = 0;

		if (is_module(known, &found))
			return;
		if (!__atomic_compare_exchange_n(&known->start, &unused, BEING_FILLED, false,
						 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			continue;
		/* Two threads may both define a module: harmless, readers take the later. */
		known->map = found.dlfo_link_map;
		known->name = found.dlfo_link_map->l_name;
		known->end = (uintptr_t)found.dlfo_map_end;
		__atomic_store_n(&known->start, (uintptr_t)found.dlfo_map_start, __ATOMIC_RELEASE);
		break;
	}
	define_module(process, &found);
}

/* Another thread may have loaded a module there meanwhile, and defined it before we said that the
 * range is gone: then it is defined again. */
static void define_end_of_module(struct ct_process *process, uintptr_t start, size_t size)
{
	struct dl_find_object found;

	define_end(process, CT_DEF_UNLOADED, start, size);
	for (uint32_t i = 0; i < CT_MODULES_KNOWN; i++) {
		struct ct_known_module *known = &process->modules[i];

		if (known->start - start < size &&
		    _dl_find_object((void *)known->start, &found) == 0)
			define_module(process, &found);
	}
}

static bool is_loaded(const struct ct_known_module *known, uintptr_t start)
{
	struct dl_find_object found;

	return _dl_find_object((void *)start, &found) == 0 && is_module(known, &found);
}

bool ct_defs_unload_gone(struct ct_process *process, uintptr_t *out_start, size_t *out_size)
{
	for (uint32_t i = 0; i < CT_MODULES_KNOWN; i++) {
		struct ct_known_module *known = &process->modules[i];
		uintptr_t start = __atomic_load_n(&known->start, __ATOMIC_ACQUIRE);
		size_t size = known->end - start;

		if (start <= BEING_FILLED || is_loaded(known, start))
			continue;
		/* of threads that close libraries at once, one says it */
		if (!__atomic_compare_exchange_n(&known->start, &start, 0, false, __ATOMIC_ACQ_REL,
						 __ATOMIC_RELAXED))
			continue;
		define_end_of_module(process, start, size);
		*out_start = start;
		*out_size = size;
		return true;
	}
	return false;
}

static int each_module(struct dl_phdr_info *info, size_t size, void *process)
{
	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		if (info->dlpi_phdr[i].p_type != PT_LOAD)
			continue;
		ct_defs_module_of(process, info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
		break;
	}
	return 0;
}

void ct_defs_all_modules(struct ct_process *process)
{
	/* In the constructor and in dlclose, as any other library might. */
	dl_iterate_phdr(/* lint: allow-dl_iterate_phdr no record is under way */
			each_module, process);
}
