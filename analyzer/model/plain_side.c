/*
 * How an access is proven to be plain:
 *
 * - It is wider than any atomic one: 16 bytes.
 * - It reads and writes in one instruction without a lock prefix, of code by gcc. clang makes such
 *   an instruction of a relaxed atomic load and store as well; gcc (5 to 15, at least) never does,
 *   as its atomic stores are opaque to the passes that combine instructions. What remains is inline
 *   assembly: it is looked for where there is source. Without source the instruction still counts:
 *   whatever its author meant, another thread's update can be lost in the midst of it.
 * - The variable's type is not atomic, and the statement at the access's line names it, and does
 *   nothing but what is to be seen in it.
 * - It writes by a statement of C that does nothing but what is to be seen, with no fence behind:
 * an assignment to an _Atomic is an atomic exchange, or has a fence. Of C++, where an assignment
 * may be a call, what is written to has to be a number or pointer by its type.
 *
 * A read counts only if the program asked for it: compilers read ahead (out of a loop, out of a
 * branch), which is no race of the source.
 */
#include "model/plain_side.h"

#include <string.h>

#include "format/ct_access.h"
#include "format/ct_trap.h"
#include "model/source_atomic.h"
#include "model/source_code.h"
#include "model/source_path.h"
#include "model/symbols_compiler.h"
#include "model/symbols_path.h"

enum { ATOMIC_BYTES_MAX = 16 };

/* Names that are looked up, of one statement. */
enum { PATHS_MAX = 16 };

/* Where the code of an access came from. */
struct origin {
	struct ct_plain *plain;
	struct ct_binary *binary;
	uint64_t return_address;
	const struct ct_frame_run *run; /* of the first frame */
	struct ct_compiler compiler;
	struct ct_machine_access machine;
	bool decoded; /* `machine` is known */
};

static bool find_origin(struct ct_plain *plain, const struct ct_plain_access *access,
			struct origin *out)
{
	struct ct_machine_code code;
	uint64_t address;

	*out = (struct origin){.plain = plain};
	out->binary = ct_symbols_code(plain->symbols, access->process, access->stack,
				      &out->return_address);
	if (!out->binary)
		return false;
	address = out->return_address - 1;
	out->run = ct_binary_frames(out->binary, out->return_address);
	ct_binary_compiler(out->binary, address, &out->compiler);
	out->decoded = ct_binary_code(out->binary, address, &code) &&
		       ct_machine_access(&code, out->return_address, &out->machine);
	return out->run && out->run->count;
}

/* What came with the compiler or the system: its lines are the library's, not the program's. */
static bool is_system(const char *path)
{
	static const char *const folders[] = {"/usr/include/", "/usr/lib/", "/usr/local/include/",
					      "/opt/"};

	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++) {
		if (strncmp(path, folders[i], strlen(folders[i])) == 0)
			return true;
	}
	return strstr(path, "/include/c++/");
}

static bool is_source(const char *path)
{
	static const char *const ends[] = {".c",   ".C", ".cc", ".cpp", ".cxx",
					   ".c++", ".h", ".hh", ".hpp", ".hxx"};
	const char *end = strrchr(path, '.');

	for (size_t i = 0; end && i < sizeof(ends) / sizeof(*ends); i++) {
		if (strcmp(end, ends[i]) == 0)
			return true;
	}
	return false;
}

/* "<built-in>"; and what libdw calls file 0 of old DWARF. */
static bool is_no_file(const char *path)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	return *name == '<' || strcmp(name, "???") == 0;
}

/* The file as it was compiled, if its lines are what they seem to be. */
static bool read_source(const struct origin *origin, const char *path, struct ct_source_code *out)
{
	time_t modified = 0, built = ct_binary_modified(origin->binary);
	size_t length = 0;
	const char *text = ct_source_all(origin->plain->sources, path, &length, &modified);

	if (!text || modified > built || length > origin->plain->budget)
		return false;
	origin->plain->budget -= length;
	if (ct_source_code_read(text, length, out))
		return false;
	if (!ct_source_is_directed(out))
		return true;
	ct_source_code_fini(out);
	return false;
}

/* Of the files that the code was made of. */
static bool is_expanded(const struct origin *origin, struct ct_source_piece statement,
			const char *name)
{
	bool expanded = false;
	const char *path;

	for (size_t i = 0;
	     !expanded && ct_binary_source(origin->binary, origin->return_address - 1, i, &path);
	     i++) {
		struct ct_source_code header;

		if (!path || is_system(path) || is_no_file(path))
			continue;
		if (!read_source(origin, path, &header))
			return true;
		expanded = ct_source_expands(&header, statement, name);
		ct_source_code_fini(&header);
	}
	return expanded;
}

/* Whether the statement's line is right: each inlined call stands in the function's own file. */
static bool is_own_line(const struct ct_frame_run *run)
{
	const char *file = run->frames[0].file;

	if (!file || run->frames[0].line <= 0 || is_system(file) || !is_source(file))
		return false;
	for (size_t i = 1; i < run->count; i++) {
		if (!run->frames[i].file || strcmp(run->frames[i].file, file) != 0)
			return false;
	}
	return true;
}

/* Whether a plain statement that writes to memory of a type that is not known by its address is
 * proof enough. */
static bool is_plain_write(const struct origin *origin, const struct ct_plain_access *access,
			   struct ct_source_piece statement)
{
	struct ct_source_path path;

	if (!(access->kind & CT_ACCESS_WRITE) || !origin->decoded || origin->machine.fenced)
		return false;
	if (origin->compiler.language == CT_LANGUAGE_C)
		return true;
	return ct_source_target(statement, &path) &&
	       ct_binary_path(origin->binary, origin->return_address - 1, &path, access->size) ==
		       CT_DWARF_PLAIN;
}

/* What the statement tells of an access to `name` (NULL: of a type that is not known). */
static bool is_plain_statement(const struct origin *origin, const struct ct_plain_access *access,
			       const struct ct_source_code *source, const char *name)
{
	struct ct_source_piece statement = ct_source_statement(source, origin->run->frames[0].line);
	struct ct_source_piece all = {source->code, source->length}, target = {"", 0};
	bool writes = access->kind & CT_ACCESS_WRITE, named;

	if (!ct_source_is_plain(statement) || (writes && !ct_source_assigns(statement, &target)) ||
	    is_expanded(origin, statement, name ? name : ""))
		return false;
	named = name && ct_source_has_word(statement, name);
	if (named)
		target = (struct ct_source_piece){name, strlen(name)};
	/* Lines of optimised code may be off. */
	if (!origin->compiler.as_written && ct_source_mixes(all, target))
		return false;
	return named || is_plain_write(origin, access, statement);
}

static bool is_plain_by_source(const struct origin *origin, const struct ct_plain_access *access,
			       const char *name)
{
	struct ct_source_code source;
	bool plain;

	if (!is_own_line(origin->run) || origin->compiler.language == CT_LANGUAGE_OTHER ||
	    (access->kind & CT_ACCESS_WRITE && origin->compiler.invents_stores) ||
	    !read_source(origin, origin->run->frames[0].file, &source))
		return false;
	plain = is_plain_statement(origin, access, &source, name);
	ct_source_code_fini(&source);
	return plain;
}

/* Inline assembly, as far as the source is there; or a macro, which may be. */
static bool may_be_assembly(const struct origin *origin)
{
	const struct ct_frame *frame = &origin->run->frames[0];
	struct ct_source_piece statement;
	struct ct_source_code source;
	bool assembly;

	if (!frame->file || frame->line <= 0)
		return false;
	if (!read_source(origin, frame->file, &source))
		return is_system(frame->file);
	statement = ct_source_statement(&source, frame->line);
	assembly = ct_source_is_doubtful(statement) || is_expanded(origin, statement, "");
	ct_source_code_fini(&source);
	return assembly;
}

static bool is_proven(const struct origin *origin, const struct ct_plain_access *access,
		      enum ct_dwarf_atomicity memory, const char *name)
{
	const uint8_t both = CT_ACCESS_READ | CT_ACCESS_WRITE;

	if (access->size > ATOMIC_BYTES_MAX)
		return true;
	if (memory == CT_DWARF_ATOMIC)
		return false;
	if ((access->kind & both) == both && origin->compiler.gcc &&
	    !origin->compiler.invents_stores && !may_be_assembly(origin))
		return true;
	return is_plain_by_source(origin, access, name);
}

/* Whether the statement names something of that size that is declared for atomic accesses. */
static bool names_atomic(const struct origin *origin, const struct ct_plain_access *access,
			 struct ct_source_piece statement)
{
	struct ct_source_path path;
	size_t at = 0;

	for (int i = 0; i < PATHS_MAX && ct_source_next_path(statement, &at, &path); i++) {
		if (ct_binary_path(origin->binary, origin->return_address - 1, &path,
				   access->size) == CT_DWARF_ATOMIC)
			return true;
	}
	return false;
}

/* Whether the source says that the access is atomic: by a function that it calls there, or by the
 * type of what it names, or as the code is that of an atomic function. */
static bool is_atomic_by_source(const struct origin *origin, const struct ct_plain_access *access,
				const char *name)
{
	const struct ct_frame *frame = &origin->run->frames[0];
	struct ct_source_piece statement;
	struct ct_source_code source;
	bool atomic;

	if (!frame->file)
		return frame->function && ct_source_is_atomic_function(frame->function);
	if (ct_source_is_atomic_header(frame->file))
		return true;
	if (frame->line <= 0 || !read_source(origin, frame->file, &source))
		return false;
	statement = ct_source_statement(&source, frame->line);
	atomic = ct_source_calls_atomic(statement, access->kind & CT_ACCESS_WRITE, name) ||
		 names_atomic(origin, access, statement);
	ct_source_code_fini(&source);
	return atomic;
}

/* By the files of all functions that are inlined there, and the one that they are inlined into. */
static bool is_source_known(const struct origin *origin, bool *out_retries, bool *out_tuned)
{
	*out_retries = *out_tuned = false;
	for (size_t i = 0; i < origin->run->count; i++) {
		const char *path = origin->run->frames[i].file;
		struct ct_source_code source;
		struct ct_source_piece code, directives;

		if (!path || (i > 0 && origin->run->frames[i - 1].file &&
			      strcmp(path, origin->run->frames[i - 1].file) == 0))
			continue;
		if (!read_source(origin, path, &source))
			return false;
		code = (struct ct_source_piece){source.code, source.length};
		directives = (struct ct_source_piece){source.directives, source.length};
		*out_retries |= ct_source_retries(code);
		*out_tuned |= ct_source_has_word(code, "optimize") ||
			      ct_source_has_word(code, "__optimize__") ||
			      ct_source_has_word(directives, "optimize");
		ct_source_code_fini(&source);
	}
	return origin->run->frames[0].file;
}

/* Whether what was read is an argument of the call behind it: certain for another module's function
 * only, which is no function of this one's. */
static bool is_argument(const struct origin *origin)
{
	struct ct_machine_code callee;

	return origin->machine.handed_to &&
	       !ct_binary_code(origin->binary, origin->machine.handed_to, &callee);
}

static void judge_read(const struct origin *origin, struct ct_plain_side *side)
{
	bool tuned, asked;

	if (!is_source_known(origin, &side->retried, &tuned) || side->retried)
		return;
	asked = origin->compiler.as_written && !tuned;
	if (!asked && origin->decoded)
		asked = origin->machine.used || is_argument(origin);
	side->needed = asked;
}

struct ct_plain_side ct_plain_side_of(struct ct_plain *plain, const struct ct_plain_access *access)
{
	struct ct_plain_side side = {.needed = access->kind & CT_ACCESS_WRITE};
	enum ct_dwarf_atomicity memory = CT_DWARF_UNCLEAR;
	const char *name = NULL;
	struct ct_binary *binary;
	struct origin origin;
	uint64_t address;

	binary = ct_symbols_memory(plain->symbols, access->process, access->address, access->time,
				   &address);
	if (binary)
		memory = ct_binary_atomicity(binary, address, access->size, &name);
	side.atomic_memory = memory == CT_DWARF_ATOMIC;
	side.plain_memory = memory == CT_DWARF_PLAIN;
	if (access->kind & CT_CAUGHT_LOCKED) {
		side.plainness = CT_PLAIN_ATOMIC;
		side.needed = true;
		return side;
	}
	if (side.atomic_memory)
		side.plainness = CT_PLAIN_ATOMIC;
	if (!find_origin(plain, access, &origin))
		return side;
	if (!(access->kind & CT_CAUGHT_LIBRARY) && is_proven(&origin, access, memory, name))
		side.plainness = CT_PLAIN_PROVEN;
	else
		side.said_atomic = is_atomic_by_source(&origin, access, name);
	if (access->kind & CT_CAUGHT_LIBRARY)
		return side;
	if (!side.needed)
		judge_read(&origin, &side);
	return side;
}
