#include "model/repeat.h"

#include <stdlib.h>

#include "format/ct_plan.h"
#include "model/repeat_private.h"

enum ct_status ct_repeat_new(const struct ct_model *model, struct ct_repeat **out_repeat)
{
	struct ct_repeat *repeat = calloc(1, sizeof(*repeat));
	enum ct_status status;

	if (!repeat)
		return CT_ENOMEM;
	repeat->model = model;
	ct_arena_init(&repeat->arena);
	status = ct_modules_init(&repeat->modules, model->trace, &repeat->arena);
	if (status) {
		ct_repeat_free(repeat);
		return status;
	}
	*out_repeat = repeat;
	return CT_OK;
}

void ct_repeat_free(struct ct_repeat *repeat)
{
	if (!repeat)
		return;
	ct_modules_fini(&repeat->modules);
	ct_arena_fini(&repeat->arena);
	free(repeat);
}

/* A forked child defines what it calls anew: all that its stacks need is its own. */
static uint64_t add_frame(const struct ct_repeat *repeat, uint32_t process,
			  const struct ct_trace_stack *stack, uint64_t frame, uint64_t site)
{
	const struct ct_trace_module *module =
		ct_modules_find(&repeat->modules, process, stack, frame - 1);

	if (!module)
		return ct_plan_site(site, 0, 0);
	return ct_plan_site(site,
			    ct_plan_module(module->build_id, module->build_id_length, module->path),
			    frame - module->bias);
}

uint64_t ct_repeat_site(const struct ct_repeat *repeat, uint32_t process, uint32_t stack,
			uint32_t frames)
{
	const struct ct_trace_stack *known = ct_trace_stack(repeat->model->trace, process, stack);
	uint64_t site = 0;

	if (!known)
		return 0;
	for (uint32_t i = 0; i < known->depth && i < frames; i++)
		site = add_frame(repeat, process, known, known->frames[i], site);
	return site;
}
