#include "model/threads.h"

#include <string.h>

#include "model/given.h"

enum {
	COMM_LENGTH = 15
}; /* what the kernel keeps of a thread's name; it begins as its program's */

/* How much of the command ends with that name; 0: none. */
static size_t length_to(const char *command, const char *name)
{
	size_t length = strcspn(command, " \t"), wanted = strlen(name);

	for (;;) {
		const char *slash = memrchr(command, '/', length);
		size_t begin = slash ? (size_t)(slash + 1 - command) : 0;

		if (length - begin == wanted && memcmp(command + begin, name, wanted) == 0)
			return length;
		if (!command[length])
			return 0;
		length += 1 + strcspn(command + length + 1, " \t");
	}
}

/* A command has blanks between its arguments. A program that has some itself is told by its
 * module. */
static void find_programs(struct ct_model *model)
{
	const struct ct_trace *trace = model->trace;

	for (size_t i = 0; i < model->process_count; i++)
		model->processes[i]->program_length = strcspn(model->processes[i]->command, " \t");
	for (size_t i = 0; i < trace->module_count; i++) {
		const char *path = trace->modules[i].path,
			   *slash = path ? strrchr(path, '/') : NULL;
		struct ct_process *process;
		size_t length;

		if (!path || !strpbrk(path, " \t"))
			continue;
		process = ct_process_numbered(model, trace->modules[i].process);
		length = process ? length_to(process->command, slash ? slash + 1 : path) : 0;
		if (length)
			process->program_length = length;
	}
}

static enum ct_status name_process(struct ct_model *model, struct ct_process *process)
{
	size_t length = process->program_length;
	const char *slash = memrchr(process->command, '/', length);
	size_t skip = slash ? (size_t)(slash + 1 - process->command) : 0;

	if (skip == length)
		skip = 0;
	if (!length)
		process->name = ct_arena_strdup(&model->arena, "?");
	else
		process->name =
			ct_arena_strndup(&model->arena, process->command + skip, length - skip);
	return process->name ? CT_OK : CT_ENOMEM;
}

/* A thread's name in its process: "main", "T2", "worker-2 (T3)"; of a text trace: its own. */
static char *name_in_process(struct ct_model *model, const struct ct_thread *thread)
{
	const char *given = ct_given_thread_name(model, thread->process->number, thread->number);

	if (model->trace->text && given)
		return ct_arena_strdup(&model->arena, given);
	if (thread->number == 1)
		return ct_arena_strdup(&model->arena, "main");
	if (given && *given && strncmp(given, thread->process->name, COMM_LENGTH) != 0)
		return ct_arena_printf(&model->arena, "%s (T%u)", given, thread->number);
	return ct_arena_printf(&model->arena, "T%u", thread->number);
}

/* Headlines mark the places of objects by these characters (finding.h): no name may look so. */
static char *without_marks(char *name)
{
	for (char *at = name ? strpbrk(name, "\001\002") : NULL; at; at = strpbrk(at, "\001\002"))
		*at = '?';
	return name;
}

/* The program as it was called; but of an absolute path its last part only. */
static const char *program(const struct ct_process *process, int *out_length)
{
	if (process->command[0] == '/' || !process->command[0]) {
		*out_length = (int)strlen(process->name);
		return process->name;
	}
	*out_length = (int)process->program_length;
	return process->command;
}

enum ct_status ct_labels_prepare(struct ct_model *model)
{
	enum ct_status status = CT_OK;

	find_programs(model);
	for (size_t i = 0; !status && i < model->process_count; i++)
		status = name_process(model, model->processes[i]);
	for (size_t i = 0; !status && i < model->thread_count; i++) {
		struct ct_thread *thread = model->threads[i];
		char *name = name_in_process(model, thread);
		const char *called;
		int length;

		if (name && model->process_count > 1) {
			called = program(thread->process, &length);
			name = ct_arena_printf(&model->arena, "%s of %.*s (pid %u)", name, length,
					       called, thread->process->pid);
		}
		thread->name = without_marks(name);
		if (!name)
			status = CT_ENOMEM;
	}
	return status;
}
