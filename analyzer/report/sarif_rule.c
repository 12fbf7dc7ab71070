#include "report/sarif_rule.h"

#include <stdlib.h>

#include "base/text.h"
#include "base/vec.h"
#include "report/sarif_place.h"

const char *ct_sarif_level(enum ct_severity severity)
{
	static const char *const levels[] = {
		[CT_NOTE] = "note", [CT_WARNING] = "warning", [CT_ERROR] = "error"};

	return levels[severity];
}

/* There are a dozen rules: a table would not find them sooner. */
size_t ct_sarif_rule_index(const struct ct_sarif_rules *rules, const struct ct_rule *rule)
{
	size_t i = 0;

	while (i < rules->count && rules->items[i] != rule)
		i++;
	return i;
}

static enum ct_status add_rule(struct ct_sarif_rules *rules, const struct ct_rule *rule)
{
	if (ct_sarif_rule_index(rules, rule) < rules->count)
		return CT_OK;
	if (ct_vec_grow(&rules->items, &rules->cap, rules->count + 1, sizeof(struct ct_rule *)))
		return CT_ENOMEM;
	rules->items[rules->count++] = rule;
	return CT_OK;
}

enum ct_status ct_sarif_rules_make(const struct ct_report *in, struct ct_sarif_rules *out)
{
	enum ct_status status = CT_OK;

	*out = (struct ct_sarif_rules){0};
	for (size_t i = 0; in->rules && in->rules[i] && status == CT_OK; i++)
		status = add_rule(out, in->rules[i]);
	for (size_t i = 0; i < in->findings->count && status == CT_OK; i++)
		status = add_rule(out, in->findings->items[i]->rule);
	if (status)
		ct_sarif_rules_fini(out);
	return status;
}

void ct_sarif_rules_fini(struct ct_sarif_rules *rules)
{
	free(rules->items);
	*rules = (struct ct_sarif_rules){0};
}

/* What GitHub's code scanning sorts and filters by. */
static json_t *make_properties(struct ct_sarif *sarif, const struct ct_rule *rule)
{
	static const char *const severities[] = {
		[CT_NOTE] = "recommendation", [CT_WARNING] = "warning", [CT_ERROR] = "error"};
	struct ct_json *json = &sarif->json;
	json_t *properties = ct_json_object(json), *tags = ct_json_array(json);

	ct_json_append(json, tags, ct_json_string(json, "concurrency"));
	ct_json_append(json, tags, ct_json_string(json, "correctness"));
	ct_json_append(json, tags, ct_json_string(json, ct_family_text(rule->family)));
	ct_json_set(json, properties, "tags", tags);
	ct_json_set_string(json, properties, "precision", "high");
	ct_json_set_string(json, properties, "problem.severity", severities[rule->severity]);
	return properties;
}

/* As text, and as Markdown. */
static json_t *make_help(struct ct_sarif *sarif, const struct ct_rule *rule)
{
	struct ct_json *json = &sarif->json;
	json_t *help = ct_sarif_message(sarif, rule->help);
	struct ct_text text;

	ct_text_init(&text);
	ct_text_addf(&text,
		     "**%s**: %s\n\n"
		     "| a finding is | when |\n"
		     "| --- | --- |\n"
		     "| observed | it happened |\n"
		     "| confirmed | a run that was directed to it made it happen |\n"
		     "| predicted | another order of the same steps makes it happen |\n"
		     "| potential | nothing that was recorded rules it out, or proves it |\n",
		     rule->title, rule->help);
	ct_json_set_string(json, help, "markdown", ct_text_str(&text));
	if (ct_text_status(&text))
		json->failed = true;
	ct_text_fini(&text);
	return help;
}

json_t *ct_sarif_rule(struct ct_sarif *sarif, const struct ct_rule *rule)
{
	struct ct_json *json = &sarif->json;
	json_t *object = ct_json_object(json), *configuration = ct_json_object(json);
	struct ct_text full;

	ct_text_init(&full);
	ct_text_addf(&full, "%s. %s", rule->title, rule->help);
	ct_json_set_string(json, object, "id", rule->id);
	ct_json_set(json, object, "shortDescription", ct_sarif_message(sarif, rule->title));
	ct_json_set(json, object, "fullDescription", ct_sarif_message(sarif, ct_text_str(&full)));
	ct_json_set(json, object, "help", make_help(sarif, rule));
	ct_json_set_string(json, configuration, "level", ct_sarif_level(rule->severity));
	ct_json_set(json, object, "defaultConfiguration", configuration);
	ct_json_set(json, object, "properties", make_properties(sarif, rule));
	if (ct_text_status(&full))
		json->failed = true;
	ct_text_fini(&full);
	return object;
}
