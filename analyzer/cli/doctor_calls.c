#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor.h"

/* Where libconctrace.so says what it does not see: name and reason as strings, one pair after the
 * other (preload/hooks/not_seen.c). */
#define NOT_SEEN_SECTION "conctrace_not_seen"

struct opened {
	int fd;
	Elf *elf;
};

/* Names of functions: hooked ones have no reason. Strings belong to the library's ELF. */
struct known {
	struct known_name {
		const char *name, *reason;
	} * items;
	size_t count, cap;
};

static bool open_elf(const char *path, struct opened *out)
{
	elf_version(EV_CURRENT);
	out->elf = NULL;
	out->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (out->fd >= 0)
		out->elf = elf_begin(out->fd, ELF_C_READ, NULL);
	if (out->elf)
		return true;
	if (out->fd >= 0)
		close(out->fd);
	return false;
}

static void close_elf(struct opened *opened)
{
	elf_end(opened->elf);
	close(opened->fd);
}

static bool add_known(struct known *known, const char *name, const char *reason)
{
	if (known->count == known->cap) {
		size_t cap = known->cap ? known->cap * 2 : 256;
		struct known_name *items = realloc(known->items, cap * sizeof(*items));

		if (!items)
			return false;
		known->items = items;
		known->cap = cap;
	}
	known->items[known->count++] = (struct known_name){name, reason};
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct known_name *)a)->name, ((const struct known_name *)b)->name);
}

static const struct known_name *find(const struct known *known, const char *name)
{
	struct known_name key = {name, NULL};

	return known->count ? bsearch(&key, known->items, known->count, sizeof(key), by_name)
			    : NULL;
}

/* Calls `take` with each function of the dynamic symbol table that is defined there, or is not. */
static void each_symbol(Elf *elf, bool defined, void (*take)(void *context, const char *name),
			void *context)
{
	Elf_Scn *section = NULL;

	while ((section = elf_nextscn(elf, section)) != NULL) {
		Elf_Data *data;
		GElf_Shdr header;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM ||
		    !header.sh_entsize)
			continue;
		data = elf_getdata(section, NULL);
		for (size_t i = 1; data && i < header.sh_size / header.sh_entsize; i++) {
			GElf_Sym symbol;
			const char *name;

			if (!gelf_getsym(data, (int)i, &symbol) ||
			    (symbol.st_shndx != SHN_UNDEF) != defined)
				continue;
			name = elf_strptr(elf, header.sh_link, symbol.st_name);
			if (name && *name)
				take(context, name);
		}
	}
}

static void take_hook(void *context, const char *name)
{
	(void)!add_known(context, name, NULL);
}

static void read_not_seen(Elf *elf, struct known *known)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return;
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		const char *name, *at, *end;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) ||
		    !(name = elf_strptr(elf, names, header.sh_name)) ||
		    strcmp(name, NOT_SEEN_SECTION) != 0)
			continue;
		data = elf_getdata(section, NULL);
		if (!data || !data->d_size || ((char *)data->d_buf)[data->d_size - 1])
			return;
		for (at = data->d_buf, end = at + data->d_size; at < end;) {
			const char *reason = at + strlen(at) + 1;

			if (reason >= end)
				return;
			if (*at)
				(void)!add_known(known, at, reason);
			at = reason + strlen(reason) + 1;
		}
	}
}

/* What one file has to do with the names. */
struct tally {
	struct ct_doctor *doctor;
	const struct known *known;
	const char *file;
	unsigned seen, own;
	bool instrumented;
	struct ct_text not_seen;
};

/* What `conctrace cc` links in asks for these (preload/access/wraps.def), whether the program does
 * or not; and says what they do. */
static bool is_of_stub(const char *name)
{
	return strcmp(name, "pread") == 0 || strcmp(name, "pwrite") == 0;
}

static void take_stub(void *context, const char *name)
{
	struct tally *tally = context;

	tally->instrumented |= strcmp(name, "conctrace_access_library") == 0;
}

static void take_import(void *context, const char *name)
{
	struct tally *tally = context;
	const struct known_name *found = find(tally->known, name);

	if (found && !found->reason)
		tally->seen++;
	else if (found && !(tally->instrumented && is_of_stub(name)))
		ct_text_addf(&tally->not_seen, "%s%s (%s)", tally->not_seen.len ? "; " : "", name,
			     found->reason);
}

static void take_own(void *context, const char *name)
{
	struct tally *tally = context;
	const struct known_name *found = find(tally->known, name);

	if (!found || found->reason || strcmp(name, "free") == 0 || strcmp(name, "realloc") == 0)
		return; /* an allocator of its own is common, and harmless */
	if (!tally->own++)
		ct_doctor_say(
			tally->doctor, CT_DOCTOR_NOTE,
			"%s has a %s of its own: its calls of that, and perhaps of more, are not "
			"seen",
			tally->file, name);
}

/* libc and the loader are what is hooked, and call themselves without passing the hooks. */
static bool is_libc(const char *path)
{
	static const char *const names[] = {"/libc.so",	 "/ld-linux", "/libpthread.so",	 "/libm.so",
					    "/librt.so", "/libdl.so", "/libconctrace.so"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strstr(path, names[i]))
			return true;
	return false;
}

static unsigned check_file(struct ct_doctor *doctor, const struct known *known, const char *path)
{
	struct tally tally = {.doctor = doctor, .known = known, .file = path};
	struct opened file;

	if (is_libc(path) || !open_elf(path, &file))
		return 0;
	ct_text_init(&tally.not_seen);
	each_symbol(file.elf, false, take_stub, &tally);
	each_symbol(file.elf, false, take_import, &tally);
	each_symbol(file.elf, true, take_own, &tally);
	if (tally.not_seen.len)
		ct_doctor_say(doctor, CT_DOCTOR_NOTE, "%s calls what is not seen: %s", path,
			      ct_text_str(&tally.not_seen));
	ct_text_fini(&tally.not_seen);
	close_elf(&file);
	return tally.seen;
}

void ct_doctor_calls(struct ct_doctor *doctor, const char *library, const char *const *files,
		     size_t count)
{
	struct known known = {.count = 0};
	struct opened recorder;
	unsigned seen = 0;

	if (!open_elf(library, &recorder))
		return;
	each_symbol(recorder.elf, true, take_hook, &known);
	read_not_seen(recorder.elf, &known);
	if (known.count)
		qsort(known.items, known.count, sizeof(*known.items), by_name);
	for (size_t i = 0; i < count; i++)
		seen += check_file(doctor, &known, files[i]);
	ct_doctor_say(doctor, seen ? CT_DOCTOR_GOOD : CT_DOCTOR_NOTE,
		      "%u functions that it and its libraries call are recorded", seen);
	free(known.items);
	close_elf(&recorder);
}
