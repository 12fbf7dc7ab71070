#include "report/graphs.h"

#include <stddef.h>
#include <string.h>

const struct ct_graph_kind *const ct_graph_kinds[] = {
	&ct_graph_kind_lock_order,
	&ct_graph_kind_wait_for,
	NULL,
};

const struct ct_graph_kind *ct_graph_kind_find(const char *name)
{
	for (size_t i = 0; ct_graph_kinds[i]; i++)
		if (strcmp(ct_graph_kinds[i]->name, name) == 0)
			return ct_graph_kinds[i];
	return NULL;
}
