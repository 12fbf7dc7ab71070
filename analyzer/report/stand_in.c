#include "report/stand_in.h"

#include <string.h>

#include "finding/stack.h"
#include "model/model.h"
#include "report/reporter.h"

const char *ct_program_name(const struct ct_process *process)
{
	if (!process || !process->name || !*process->name || strcmp(process->name, "?") == 0)
		return NULL;
	return process->name;
}

static const char *program_of(const struct ct_report *in, const struct ct_thread *thread)
{
	const struct ct_process *process = thread ? thread->process : NULL;
	const char *name;

	if (!process && in->model->process_count)
		process = in->model->processes[0];
	name = ct_program_name(process);
	return name ? name : "program";
}

const char *ct_stand_in(const struct ct_report *in, const struct ct_frame *frame,
			const struct ct_thread *thread)
{
	const char *below;

	if (!frame || !frame->module || !*ct_path_base(frame->module))
		return program_of(in, thread);
	below = ct_path_below(in->directory, frame->module);
	return below == frame->module ? ct_path_base(below) : below;
}
