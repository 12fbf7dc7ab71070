#include "reader/ctf.h"

#include <string.h>

/*
 * Whether a trace has accesses to memory, and whether it has all of them that can matter. A process
 * of one thread that shares no memory has none that matter. Of the others every program, and every
 * module but those of the C and C++ runtime, has to be compiled for it, and nothing to be skipped.
 */

/* What the file's name begins with. What these read and write of the program's memory is recorded
 * where the program calls them. liblzma is there for libunwind, which libconctrace needs. */
static const char *const runtime[] = {
	"ld-linux",	"ld.so",     "libc.so",	     "libm.so",	      "libmvec.so",
	"libdl.so",	"librt.so",  "libutil.so",   "libpthread.so", "libresolv.so",
	"libanl.so",	"libnss_",   "libgcc_s.so",  "libstdc++.so",  "libc++.so",
	"libc++abi.so", "libunwind", "libatomic.so", "libconctrace",  "liblzma.so",
	"linux-vdso",	"[vdso]",
};

static bool is_runtime(const struct ct_trace_module *module)
{
	const char *slash = strrchr(module->path, '/');
	const char *name = slash ? slash + 1 : module->path;

	for (size_t i = 0; i < sizeof(runtime) / sizeof(runtime[0]); i++)
		if (strncmp(name, runtime[i], strlen(runtime[i])) == 0)
			return true;
	return false;
}

static const struct ct_trace_process *process_numbered(const struct ct_trace *trace,
						       uint32_t number)
{
	for (size_t i = 0; i < trace->process_count; i++)
		if (trace->processes[i].number == number)
			return &trace->processes[i];
	return NULL;
}

/* A module that was said to be instrumented; `module` NULL: any of the image. */
static bool says_instrumented(const struct ct_trace *trace, uint32_t process, uint32_t image,
			      const struct ct_trace_module *module)
{
	for (size_t i = 0; i < trace->instrumented_count; i++) {
		const struct ct_trace_instrumented *at = &trace->instrumented[i];

		if (at->process == process && at->image == image &&
		    (!module || (at->address >= module->start && at->address < module->end)))
			return true;
	}
	return false;
}

/* A forked child goes on with its parent's modules, which need not say it again. */
static bool is_instrumented(const struct ct_trace *trace, uint32_t process, uint32_t image,
			    const struct ct_trace_module *module)
{
	const struct ct_trace_process *child;

	if (says_instrumented(trace, process, image, module))
		return true;
	child = image == 0 ? process_numbered(trace, process) : NULL;
	return child && child->parent && says_instrumented(trace, child->parent, 0, module);
}

static bool matters(const struct ct_trace *trace, uint32_t process)
{
	size_t threads = 0;

	for (size_t i = 0; i < trace->thread_count; i++)
		threads += trace->threads[i].process == process;
	for (size_t i = 0; i < trace->map_count && threads < 2; i++)
		if (trace->maps[i].process == process && !trace->maps[i].unmap)
			return true;
	return threads > 1;
}

static bool is_all_instrumented(const struct ct_trace *trace)
{
	for (size_t i = 0; i < trace->image_count; i++) {
		const struct ct_trace_image *image = &trace->images[i];

		if (!is_instrumented(trace, image->process, image->image, NULL) &&
		    matters(trace, image->process))
			return false;
	}
	for (size_t i = 0; i < trace->module_count; i++) {
		const struct ct_trace_module *module = &trace->modules[i];

		if (!is_runtime(module) &&
		    !is_instrumented(trace, module->process, module->image, module) &&
		    matters(trace, module->process))
			return false;
	}
	return true;
}

static bool is_anything_lost(const struct ct_trace *trace)
{
	for (size_t i = 0; i < trace->thread_count; i++)
		if (trace->threads[i].discarded)
			return true;
	return trace->problem_count;
}

static bool is_sampled(struct ct_ctf *ctf)
{
	struct ct_ctf_cursor cursor;
	bool sampled = false;

	for (size_t i = 0; !sampled && i < ctf->group_count; i++) {
		const struct ct_ctf_group *group = &ctf->groups[i];

		if (group->thread == 0)
			continue;
		ct_ctf_cursor_init(&cursor, ctf, &ctf->packets[group->first], group->count);
		while (!sampled && ct_ctf_cursor_next(&cursor))
			sampled = cursor.raw.id == CT_EV_ACCESSES_SKIPPED;
		ct_ctf_cursor_fini(&cursor);
	}
	return sampled;
}

void ct_ctf_accesses(struct ct_ctf *ctf)
{
	struct ct_trace *trace = ctf->trace;

	trace->some_accesses = trace->instrumented_count && !ct_reader_of(trace)->max_bytes;
	if (!trace->some_accesses)
		return;
	trace->sampled = is_sampled(ctf);
	trace->accesses = !trace->sampled && is_all_instrumented(trace) && !is_anything_lost(trace);
}
