#include "timing/region_names.h"

#include <stdlib.h>

/* The names that the trace gives to addresses, by process, address, time. */
struct ct_region_names {
	const struct ct_trace_name **names; /* owned array */
	size_t count;
};

static int compare(const struct ct_trace_name *x, uint32_t process, uint64_t object, uint64_t time)
{
	if (x->process != process)
		return x->process < process ? -1 : 1;
	if (x->object != object)
		return x->object < object ? -1 : 1;
	return (x->time > time) - (x->time < time);
}

static int by_place(const void *a, const void *b)
{
	const struct ct_trace_name *const *x = a, *const *y = b;

	return compare(*x, (*y)->process, (*y)->object, (*y)->time);
}

enum ct_status ct_region_names_new(const struct ct_trace *trace, struct ct_region_names **out_names)
{
	struct ct_region_names *names = calloc(1, sizeof(*names));

	if (!names)
		return CT_ENOMEM;
	names->names = calloc(trace->name_count + 1, sizeof(struct ct_trace_name *));
	if (!names->names) {
		free(names);
		return CT_ENOMEM;
	}
	for (size_t i = 0; i < trace->name_count; i++)
		if (!trace->names[i].thread)
			names->names[names->count++] = &trace->names[i];
	qsort(names->names, names->count, sizeof(struct ct_trace_name *), by_place);
	*out_names = names;
	return CT_OK;
}

void ct_region_names_free(struct ct_region_names *names)
{
	if (names)
		free(names->names);
	free(names);
}

/* The name that was last given to the address until then, else the first one afterwards: a buffer
 * may hold one name after the other. */
static const char *name_at(const struct ct_region_names *names, uint32_t process, uint64_t object,
			   uint64_t time)
{
	size_t low = 0, high = names->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(names->names[middle], process, object, time) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low && !compare(names->names[low - 1], process, object, names->names[low - 1]->time))
		return names->names[low - 1]->name;
	if (low < names->count &&
	    !compare(names->names[low], process, object, names->names[low]->time))
		return names->names[low]->name;
	return "region";
}

const char *ct_region_name(const struct ct_region_names *names, const struct ct_step *step)
{
	return name_at(names, step->thread->process->number, step->record->object,
		       step->record->time);
}
