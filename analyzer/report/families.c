#include "report/families.h"

#include <stdlib.h>

#include "model/model.h"
#include "report/entry.h"
#include "report/json.h"
#include "report/reporter.h"
#include "report/trap_words.h"

static const struct ct_family_result templates[CT_FAMILY_TESTS] = {
	[CT_FAMILY_DEADLOCK] = {.name = "deadlocks", .description = "no deadlocks"},
	[CT_FAMILY_RACE] = {.name = "data-races", .description = "no data races"},
	[CT_FAMILY_MISUSE] = {.name = "misuse", .description = "no misuse of locks and signals"},
	[CT_FAMILY_END] = {.name = "end", .description = "the program ends with status 0"},
};

const char *ct_family_untested(const struct ct_report *in, enum ct_family family)
{
	const struct ct_trace *trace = in->model->trace;
	const char *why;

	if (family != CT_FAMILY_RACE || trace->accesses || trace->some_accesses ||
	    ct_trap_any(in->model))
		return NULL;
	why = ct_trap_words_none(in->model);
	return why ? why
		   : "the program was not compiled by conctrace cc, so that its accesses to "
		     "memory are not known";
}

static const char *why_not_tested(const struct ct_report *in, int test)
{
	if (test != CT_FAMILY_END)
		return ct_family_untested(in, (enum ct_family)test);
	return in->program_status ? NULL : "how the program ended is not in its trace";
}

static void add_finding(const struct ct_report *in, const struct ct_entry *entry, size_t nth,
			struct ct_family_result *result)
{
	if (nth < CT_FAMILY_DETAILS)
		ct_entry_details(&result->log, in, entry);
	if (!entry->fails || result->verdict == CT_FAMILY_FAILED)
		return;
	result->verdict = CT_FAMILY_FAILED;
	result->rationale = entry->headline;
	result->help = entry->fix;
}

static void add_findings(const struct ct_report *in, const struct ct_entries *entries,
			 struct ct_family_result *results)
{
	size_t counts[CT_FAMILY_COUNT] = {0};

	for (size_t i = 0; i < entries->count; i++) {
		enum ct_family family = entries->items[i].finding->rule->family;

		add_finding(in, &entries->items[i], counts[family]++, &results[family]);
	}
	for (int i = 0; i < CT_FAMILY_COUNT; i++)
		if (counts[i] > CT_FAMILY_DETAILS)
			ct_text_addf(&results[i].log, "... %zu more\n",
				     counts[i] - CT_FAMILY_DETAILS);
}

/* So that a test that passes is not taken for proof. */
static void add_traps(const struct ct_report *in, struct ct_family_result *result)
{
	if (ct_trap_any(in->model) && ct_trap_words(&result->log, in->model))
		ct_text_addc(&result->log, '\n');
}

static void set_end(const struct ct_report *in, struct ct_family_result *result)
{
	if (!in->program_status)
		return;
	ct_text_add_printable(&result->log, in->program_status);
	ct_text_addc(&result->log, '\n');
	if (in->program_failed) {
		result->verdict = CT_FAMILY_FAILED;
		result->rationale = in->program_status;
	}
}

void ct_families_make(const struct ct_report *in, const struct ct_entries *entries,
		      struct ct_family_result *results)
{
	for (int i = 0; i < CT_FAMILY_TESTS; i++) {
		results[i] = templates[i];
		ct_text_init(&results[i].log);
	}
	add_findings(in, entries, results);
	add_traps(in, &results[CT_FAMILY_RACE]);
	set_end(in, &results[CT_FAMILY_END]);
	for (int i = 0; i < CT_FAMILY_TESTS; i++) {
		const char *why = why_not_tested(in, i);

		if (!why || results[i].log.len)
			continue;
		results[i].verdict = CT_FAMILY_NOT_TESTED;
		results[i].rationale = why;
	}
}

void ct_families_fini(struct ct_family_result *results)
{
	for (int i = 0; i < CT_FAMILY_TESTS; i++)
		ct_text_fini(&results[i].log);
}

enum ct_status ct_families_write(const struct ct_report *in, struct ct_text *out,
				 json_t *(*make)(struct ct_json *json, const struct ct_report *in,
						 const struct ct_entries *entries,
						 const struct ct_family_result *results))
{
	struct ct_family_result results[CT_FAMILY_TESTS];
	struct ct_json json = {0};
	struct ct_entries entries;
	enum ct_status status = ct_entries_make(in, &entries);
	json_t *object;
	char *text;

	if (status)
		return status;
	ct_families_make(in, &entries, results);
	object = make(&json, in, &entries, results);
	text = json.failed ? NULL : json_dumps(object, JSON_INDENT(2));
	json_decref(object);
	ct_families_fini(results);
	ct_entries_fini(&entries);
	if (!text)
		return CT_ENOMEM;
	ct_text_addf(out, "%s\n", text);
	free(text);
	return ct_text_status(out);
}
