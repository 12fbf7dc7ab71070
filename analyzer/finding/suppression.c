#include "finding/suppression.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/vec.h"
#include "finding/finding.h"
#include "finding/suppression_set.h"

enum ct_status ct_suppressions_new(const struct ct_rule *const *rules,
				   struct ct_suppressions **out_suppressions)
{
	struct ct_suppressions *set = calloc(1, sizeof(*set));

	if (!set)
		return CT_ENOMEM;
	set->rules = rules;
	ct_arena_init(&set->arena);
	*out_suppressions = set;
	return CT_OK;
}

void ct_suppressions_free(struct ct_suppressions *suppressions)
{
	if (!suppressions)
		return;
	for (size_t i = 0; i < suppressions->count; i++) {
		free(suppressions->items[i].objects);
		free(suppressions->items[i].stacks);
	}
	free(suppressions->items);
	free(suppressions->unused);
	ct_arena_fini(&suppressions->arena);
	free(suppressions);
}

/* All that match are used: none of them could be left out for what another one hides today. */
static void hide(struct ct_suppressions *set, struct ct_finding *finding,
		 const struct ct_suppression_subject *subject)
{
	for (size_t i = 0; i < set->count; i++) {
		if (!ct_suppression_matches(&set->items[i], subject))
			continue;
		set->items[i].uses++;
		if (finding->hiding == CT_SUPPRESSED)
			continue;
		finding->hiding = CT_SUPPRESSED;
		finding->hidden_by = set->items[i].reason;
	}
}

enum ct_status ct_suppressions_apply(struct ct_suppressions *suppressions,
				     struct ct_findings *findings, struct ct_symbols *symbols,
				     struct ct_naming *naming)
{
	for (size_t i = 0; suppressions->count && i < findings->count; i++) {
		struct ct_suppression_subject subject;
		enum ct_status status =
			ct_suppression_subject_init(&subject, findings->items[i], symbols, naming);

		if (status)
			return status;
		hide(suppressions, findings->items[i], &subject);
		ct_suppression_subject_fini(&subject);
	}
	return CT_OK;
}

/* NULL: it is neither unused nor expired, or out of memory. */
static const char *line_of(struct ct_suppressions *set, const struct ct_suppression *item)
{
	const char *rule = item->rule ? item->rule->id : "*";

	if (item->expired)
		return ct_arena_printf(&set->arena,
				       "%s:%d: [%s] expired on %s and hides nothing any more",
				       item->path, item->line, rule, item->expires);
	return ct_arena_printf(&set->arena, "%s:%d: [%s] hid nothing", item->path, item->line,
			       rule);
}

enum ct_status ct_suppressions_unused(struct ct_suppressions *suppressions,
				      const char *const **out_lines, size_t *out_count)
{
	size_t count = 0;

	if (ct_vec_grow(&suppressions->unused, &suppressions->unused_cap, suppressions->count,
			sizeof(*suppressions->unused)))
		return CT_ENOMEM;
	for (size_t i = 0; i < suppressions->count; i++) {
		const struct ct_suppression *item = &suppressions->items[i];

		if (item->uses && !item->expired)
			continue;
		suppressions->unused[count] = line_of(suppressions, item);
		if (!suppressions->unused[count++])
			return CT_ENOMEM;
	}
	*out_lines = suppressions->unused;
	*out_count = count;
	return CT_OK;
}
