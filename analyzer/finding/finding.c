#include "finding/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

void ct_findings_init(struct ct_findings *findings)
{
	*findings = (struct ct_findings){0};
	ct_arena_init(&findings->arena);
}

void ct_findings_fini(struct ct_findings *findings)
{
	free(findings->items);
	free(findings->ruled_out);
	free(findings->hidden);
	ct_arena_fini(&findings->arena);
	*findings = (struct ct_findings){0};
}

static struct ct_finding *append(struct ct_findings *findings, const struct ct_rule *rule,
				 struct ct_finding ***list, size_t *count, size_t *cap)
{
	struct ct_finding *finding = ct_arena_alloc(&findings->arena, sizeof(*finding));

	if (!finding || ct_vec_grow(list, cap, *count + 1, sizeof(struct ct_finding *)) != CT_OK)
		return NULL;
	finding->rule = rule;
	finding->severity = rule->severity;
	(*list)[(*count)++] = finding;
	return finding;
}

struct ct_finding *ct_findings_add(struct ct_findings *findings, const struct ct_rule *rule,
				   enum ct_evidence evidence)
{
	struct ct_finding *finding =
		append(findings, rule, &findings->items, &findings->count, &findings->cap);

	if (finding)
		finding->evidence = evidence;
	return finding;
}

struct ct_finding *ct_findings_rule_out(struct ct_findings *findings, const struct ct_rule *rule,
					const char *why)
{
	const char *copy = ct_arena_strdup(&findings->arena, why);
	struct ct_finding *finding;

	if (!copy)
		return NULL;
	finding = append(findings, rule, &findings->ruled_out, &findings->ruled_out_count,
			 &findings->ruled_out_cap);
	if (finding)
		finding->ruled_out = copy;
	return finding;
}

enum ct_status ct_findings_hide(struct ct_findings *findings)
{
	size_t kept = 0;

	if (ct_vec_grow(&findings->hidden, &findings->hidden_cap,
			findings->hidden_count + findings->count,
			sizeof(struct ct_finding *)) != CT_OK)
		return CT_ENOMEM;
	for (size_t i = 0; i < findings->count; i++) {
		struct ct_finding *finding = findings->items[i];

		if (finding->hiding == CT_TOLD)
			findings->items[kept++] = finding;
		else
			findings->hidden[findings->hidden_count++] = finding;
	}
	findings->count = kept;
	return CT_OK;
}

static bool comes_before(const struct ct_finding *a, const struct ct_finding *b)
{
	if (a->severity != b->severity)
		return a->severity > b->severity;
	if (a->evidence != b->evidence)
		return a->evidence > b->evidence;
	return a->headline && b->headline && strcmp(a->headline, b->headline) < 0;
}

/* By insertion: stable, and findings are few. */
void ct_findings_sort(struct ct_findings *findings)
{
	for (size_t i = 1; i < findings->count; i++) {
		struct ct_finding *moving = findings->items[i];
		size_t at = i;

		for (; at > 0 && comes_before(moving, findings->items[at - 1]); at--)
			findings->items[at] = findings->items[at - 1];
		findings->items[at] = moving;
	}
}

bool ct_findings_fail(const struct ct_findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->items[i]->severity == CT_ERROR &&
		    findings->items[i]->evidence >= CT_PREDICTED)
			return true;
	return false;
}

const char *ct_evidence_text(enum ct_evidence evidence)
{
	static const char *const texts[] = {
		[CT_POTENTIAL] = "potential",
		[CT_PREDICTED] = "predicted",
		[CT_CONFIRMED] = "confirmed",
		[CT_OBSERVED] = "observed",
	};

	return texts[evidence];
}

const char *ct_hiding_text(enum ct_hiding hiding)
{
	static const char *const texts[] = {
		[CT_SUPPRESSED] = "suppressed",
		[CT_KNOWN] = "known",
		[CT_REPEATED] = "repeated",
	};

	return texts[hiding];
}

const char *ct_family_text(enum ct_family family)
{
	static const char *const texts[] = {
		[CT_FAMILY_DEADLOCK] = "deadlock",
		[CT_FAMILY_RACE] = "race",
		[CT_FAMILY_MISUSE] = "misuse",
	};

	return texts[family];
}

const char *ct_severity_text(enum ct_severity severity)
{
	static const char *const texts[] = {
		[CT_NOTE] = "note",
		[CT_WARNING] = "warning",
		[CT_ERROR] = "error",
	};

	return texts[severity];
}
