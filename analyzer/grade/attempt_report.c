#include <jansson.h>
#include <string.h>

#include "grade/attempt.h"

enum { FINDINGS_MAX = 20000, LINE_MAX_NUMBER = 1 << 30, STATUS_MAX = 255, UNSEEN_MAX = 100 };

struct reading {
	const struct ct_rubric_names *names;
	struct ct_arena *arena;
	bool no_memory, wrong;
};

static const char *keep(struct reading *r, const char *text)
{
	const char *copy = ct_arena_strdup(r->arena, text);

	if (!copy)
		r->no_memory = true;
	return copy ? copy : "";
}

/* A text that has to be there. */
static const char *text_of(struct reading *r, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text)
		r->wrong = true;
	return text ? keep(r, text) : "";
}

/* One that need not. */
static const char *text_or_null(struct reading *r, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return NULL;
	return text_of(r, object, key);
}

static int64_t number_of(struct reading *r, const json_t *value, int64_t max)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value) || number < 0 || number > max) {
		r->wrong = true;
		return 0;
	}
	return number;
}

static const struct ct_rule *rule_of(struct reading *r, const json_t *finding)
{
	const char *id = text_of(r, finding, "rule");

	for (const struct ct_rule *const *rule = r->names->rules; *rule; rule++) {
		if (strcmp((*rule)->id, id) == 0)
			return *rule;
	}
	r->wrong = true;
	return r->names->rules[0];
}

/* The number of `word` among those of an enum that ends with `last`. */
static int word_of(struct reading *r, const json_t *finding, const char *key, int last,
		   const char *(*text)(int number))
{
	const char *word = text_of(r, finding, key);

	for (int i = 0; i <= last; i++) {
		if (strcmp(text(i), word) == 0)
			return i;
	}
	r->wrong = true;
	return 0;
}

static const char *evidence_word(int number)
{
	return ct_evidence_text((enum ct_evidence)number);
}

static const char *severity_word(int number)
{
	return ct_severity_text((enum ct_severity)number);
}

/* Whether it has a step of a thread that waits. */
static bool has_steps(const json_t *finding)
{
	const json_t *places = json_object_get(finding, "places"), *place;
	size_t i;

	json_array_foreach(places, i, place)
	{
		const char *role = json_string_value(json_object_get(place, "role"));

		if (role && strcmp(role, "wants") == 0)
			return true;
	}
	return false;
}

static void read_finding(struct reading *r, const json_t *finding, struct ct_seen *out)
{
	const json_t *location = json_object_get(finding, "location");
	const json_t *line = json_object_get(location, "line");
	const json_t *fails = json_object_get(finding, "fails");

	*out = (struct ct_seen){
		.id = text_of(r, finding, "id"),
		.about = text_or_null(r, finding, "about"),
		.rule = rule_of(r, finding),
		.evidence = (enum ct_evidence)word_of(r, finding, "evidence", CT_OBSERVED,
						      evidence_word),
		.severity =
			(enum ct_severity)word_of(r, finding, "severity", CT_ERROR, severity_word),
		.fails = json_is_true(fails),
		.headline = text_of(r, finding, "headline"),
		.fix = text_of(r, finding, "fix"),
		.details = text_of(r, finding, "details"),
		.file = text_or_null(r, location, "file"),
		.function = text_or_null(r, location, "function"),
		.line = line ? number_of(r, line, LINE_MAX_NUMBER) : 0,
	};
	out->hangs = out->rule && out->rule->hang && has_steps(finding);
	r->wrong |= !json_is_boolean(fails);
}

static void read_findings(struct reading *r, const json_t *list, struct ct_attempt *out)
{
	size_t count = json_array_size(list);

	if (!json_is_array(list) || count > FINDINGS_MAX) {
		r->wrong = true;
		return;
	}
	out->findings = ct_arena_calloc(r->arena, count, sizeof(*out->findings));
	if (!out->findings) {
		r->no_memory = true;
		return;
	}
	for (size_t i = 0; i < count && !r->wrong; i++)
		read_finding(r, json_array_get(list, i), &out->findings[i]);
	out->finding_count = count;
}

static bool is_used(struct reading *r, const json_t *use)
{
	const json_t *objects = json_object_get(use, "objects");
	const json_t *calls = json_object_get(use, "calls");

	return (objects && number_of(r, objects, INT64_MAX) > 0) ||
	       (calls && number_of(r, calls, INT64_MAX) > 0);
}

static void read_uses(struct reading *r, const json_t *uses, struct ct_attempt *out)
{
	size_t known = 0;

	while (r->names->uses[known])
		known++;
	out->uses = ct_arena_calloc(r->arena, known, sizeof(*out->uses));
	r->wrong |= !json_is_object(uses);
	r->no_memory |= !out->uses;
	for (size_t i = 0; i < known && out->uses; i++) {
		const json_t *use = json_object_get(uses, r->names->uses[i]);

		if (use && is_used(r, use))
			out->uses[out->use_count++] = r->names->uses[i];
	}
}

static void read_cpu(struct reading *r, const json_t *recorded, struct ct_attempt *out)
{
	const json_t *cpu = json_object_get(recorded, "cpu_s");
	double seconds = json_number_value(cpu);

	r->wrong |= !json_is_object(recorded) || (cpu && !json_is_number(cpu)) ||
		    !(seconds >= 0 && seconds < 1e9);
	out->cpu_known = cpu && !r->wrong;
	out->cpu_ms = out->cpu_known ? (uint64_t)(seconds * 1000) : 0;
}

/* Further ones say no more than that there are many. */
static void read_unseen(struct reading *r, const json_t *run, struct ct_attempt *out)
{
	const json_t *lacks = json_object_get(run, "lacks");
	const char *accesses =
		json_string_value(json_object_get(json_object_get(run, "recorded"), "accesses"));
	size_t count = json_array_size(lacks);

	count = count < UNSEEN_MAX ? count : UNSEEN_MAX;
	out->unseen = ct_arena_calloc(r->arena, count, sizeof(*out->unseen));
	r->no_memory |= !out->unseen;
	r->wrong |= !json_is_array(lacks) || !accesses;
	for (size_t i = 0; i < count && out->unseen; i++) {
		const char *lack = json_string_value(json_array_get(lacks, i));

		r->wrong |= !lack;
		out->unseen[out->unseen_count++] = keep(r, lack ? lack : "");
	}
	out->races_looked_for = accesses && strcmp(accesses, "none") != 0;
}

static void read_end(struct reading *r, const json_t *run, struct ct_attempt_report *out)
{
	static const struct {
		const char *key;
		enum ct_program_ending ending;
	} endings[] = {{"exit_status", CT_PROGRAM_EXITED},
		       {"signal", CT_PROGRAM_KILLED},
		       {"hung", CT_PROGRAM_HUNG},
		       {"timed_out", CT_PROGRAM_TIMED_OUT},
		       {"interrupted", CT_PROGRAM_INTERRUPTED}};
	const json_t *program = json_object_get(run, "program");

	out->exit_status = (int)number_of(r, json_object_get(run, "exit_status"), STATUS_MAX);
	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		const json_t *value = json_object_get(program, endings[i].key);

		if (!value)
			continue;
		r->wrong |= out->end.ending != CT_PROGRAM_UNKNOWN; /* it ends once */
		out->end.ending = endings[i].ending;
		if (endings[i].ending == CT_PROGRAM_EXITED ||
		    endings[i].ending == CT_PROGRAM_KILLED)
			out->end.number = (int)number_of(r, value, STATUS_MAX);
		else
			r->wrong |= !json_is_true(value);
	}
	r->wrong |= out->end.ending == CT_PROGRAM_UNKNOWN;
}

enum ct_status ct_attempt_report_read(const char *text, size_t length,
				      const struct ct_rubric_names *names, struct ct_arena *arena,
				      struct ct_attempt *attempt, struct ct_attempt_report *out)
{
	struct reading r = {.names = names, .arena = arena};
	json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
	const json_t *runs = json_object_get(root, "runs"), *run = json_array_get(runs, 0);
	const char *format = json_string_value(json_object_get(root, "format"));

	if (!format || strcmp(format, "conctrace-report") != 0 || json_array_size(runs) != 1 ||
	    json_integer_value(json_object_get(root, "version")) != 1 || !json_is_object(run)) {
		r.wrong = true;
	} else {
		read_findings(&r, json_object_get(run, "findings"), attempt);
		read_uses(&r, json_object_get(run, "uses"), attempt);
		read_cpu(&r, json_object_get(run, "recorded"), attempt);
		read_unseen(&r, run, attempt);
		read_end(&r, run, out);
	}
	json_decref(root);
	if (r.no_memory)
		return CT_ENOMEM;
	if (r.wrong) {
		attempt->finding_count = attempt->use_count = attempt->unseen_count = 0;
		attempt->cpu_known = false;
		return CT_EFORMAT;
	}
	return CT_OK;
}
