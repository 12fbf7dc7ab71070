#include "grade/points.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "grade/result.h"
#include "grade/rubric.h"

/* Besides a deduction for each finding, require and forbid. */
enum { DEDUCTIONS_BESIDE = 8 };
enum { UNSEEN_MAX = 100 };

struct judging {
	const struct ct_rubric *rubric;
	struct ct_result *result;
	bool no_memory;
};

static const char *keep(struct judging *j, const char *text)
{
	const char *copy = ct_arena_strdup(&j->result->arena, text);

	j->no_memory |= !copy;
	return copy ? copy : "";
}

/* What costs nothing is not told. */
static void deduct(struct judging *j, int64_t points, const struct ct_result_finding *finding,
		   const char *reason)
{
	struct ct_result *result = j->result;

	if (points > result->of)
		points = result->of;
	if (points <= 0)
		return;
	result->deductions[result->deduction_count++] = (struct ct_deduction){
		.points = points, .reason = keep(j, reason), .finding = finding};
	result->points = result->points > points ? result->points - points : 0;
}

static CT_PRINTF(3, 4) void deduct_with(struct judging *j, int64_t points, const char *format, ...)
{
	struct ct_text reason;
	va_list args;

	ct_text_init(&reason);
	va_start(args, format);
	ct_text_addv(&reason, format, args);
	va_end(args);
	deduct(j, points, NULL, ct_text_str(&reason));
	ct_text_fini(&reason);
}

static bool is_hang(const struct ct_seen *seen)
{
	return seen->severity == CT_ERROR && seen->hangs && seen->evidence == CT_OBSERVED;
}

/* A hang that came about costs what `deadlocked` says, and nothing more. */
static int64_t price(const struct ct_rubric *rubric, const struct ct_seen *seen)
{
	if (is_hang(seen))
		return 0;
	for (size_t i = 0; i < rubric->rules.count; i++) {
		if (strcmp(rubric->rules.items[i].name, seen->rule->id) == 0)
			return rubric->rules.items[i].points;
	}
	if (seen->severity != CT_ERROR)
		return 0;
	return rubric->evidence_points[seen->evidence];
}

/* What makes two findings the same: rule and thing. Which places it was found at depends on the
 * order in which threads ran. */
static const char *thing(const struct ct_seen *seen)
{
	return seen->about ? seen->about : seen->id;
}

static int by_thing(const struct ct_seen *x, const struct ct_seen *y)
{
	int order = strcmp(x->rule->id, y->rule->id);

	return order ? order : strcmp(thing(x), thing(y));
}

/* Those of a thing are together; the dearest of them is the first. */
static int by_group(const void *a, const void *b)
{
	const struct ct_result_finding *x = a, *y = b;
	int order = by_thing(x->seen, y->seen);

	if (order)
		return order;
	if (x->points != y->points)
		return x->points > y->points ? -1 : 1;
	if (x->seen->fails != y->seen->fails)
		return (int)y->seen->fails - (int)x->seen->fails;
	if (x->seen->evidence != y->seen->evidence)
		return (int)y->seen->evidence - (int)x->seen->evidence;
	return strcmp(x->seen->id, y->seen->id);
}

static int by_price(const void *a, const void *b)
{
	const struct ct_result_finding *x = a, *y = b;

	if (x->points != y->points)
		return x->points > y->points ? -1 : 1;
	if (x->seen->severity != y->seen->severity)
		return (int)y->seen->severity - (int)x->seen->severity;
	return by_thing(x->seen, y->seen);
}

/* All of all runs; `seeds` has that of its run. */
static size_t gather(struct judging *j)
{
	struct ct_result *result = j->result;
	size_t count = 0, n = 0;

	for (size_t i = 0; i < result->attempt_count; i++)
		count += result->attempts[i].finding_count;
	result->findings = ct_arena_calloc(&result->arena, count, sizeof(*result->findings));
	result->deductions = ct_arena_calloc(&result->arena,
					     count + j->rubric->require.count +
						     j->rubric->forbid.count + DEDUCTIONS_BESIDE,
					     sizeof(*result->deductions));
	if (!result->findings || !result->deductions) {
		j->no_memory = true;
		return 0;
	}
	for (size_t i = 0; i < result->attempt_count; i++) {
		const struct ct_attempt *attempt = &result->attempts[i];
		const char *seed = ct_arena_printf(&result->arena, "%" PRIu64, attempt->seed);

		j->no_memory |= !seed;
		for (size_t k = 0; k < attempt->finding_count; k++)
			result->findings[n++] = (struct ct_result_finding){
				.seen = &attempt->findings[k],
				.seeds = seed ? seed : "",
				.points = price(j->rubric, &attempt->findings[k])};
	}
	return n;
}

static int by_seed(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;
	size_t nx = strlen(x), ny = strlen(y);

	return nx != ny ? (nx < ny ? -1 : 1) : strcmp(x, y);
}

/* Those of one thing become the dearest of them, with the seeds of all. */
static struct ct_result_finding merge(struct judging *j, const struct ct_result_finding *group,
				      size_t count)
{
	const char **seeds = ct_arena_calloc(&j->result->arena, count, sizeof(*seeds));
	struct ct_result_finding one = group[0];
	struct ct_text text;

	j->no_memory |= !seeds;
	if (!seeds)
		return one;
	for (size_t i = 0; i < count; i++)
		seeds[i] = group[i].seeds;
	qsort(seeds, count, sizeof(*seeds), by_seed);
	ct_text_init(&text);
	for (size_t i = 0; i < count; i++) {
		if (!i || strcmp(seeds[i], seeds[i - 1]) != 0)
			ct_text_addf(&text, "%s%s", i ? ", " : "", seeds[i]);
	}
	one.seeds = keep(j, ct_text_str(&text));
	ct_text_fini(&text);
	return one;
}

static void unite(struct judging *j)
{
	struct ct_result *result = j->result;
	size_t count = gather(j), kept = 0;

	if (j->no_memory || !count)
		return;
	qsort(result->findings, count, sizeof(*result->findings), by_group);
	for (size_t i = 0, next; i < count; i = next) {
		next = i + 1;
		while (next < count &&
		       by_thing(result->findings[next].seen, result->findings[i].seen) == 0)
			next++;
		result->findings[kept++] = merge(j, &result->findings[i], next - i);
	}
	result->finding_count = kept;
	qsort(result->findings, kept, sizeof(*result->findings), by_price);
}

/* What costs something is a finding, also where conctrace only warns of it. */
static void deduct_findings(struct judging *j)
{
	struct ct_result *result = j->result;

	for (size_t i = 0; i < result->finding_count; i++) {
		struct ct_result_finding *finding = &result->findings[i];

		if (i >= j->rubric->max_findings)
			finding->points = 0;
		deduct(j, finding->points, finding, finding->seen->headline);
		if (finding->points && result->verdict < CT_VERDICT_FINDING) {
			result->verdict = CT_VERDICT_FINDING;
			result->why = finding->seen->headline;
		}
	}
}

static void deduct_ends(struct judging *j)
{
	const struct ct_attempt *failed = NULL, *slow = NULL, *hung = NULL, *wrong = NULL;
	const struct ct_result *result = j->result;

	for (size_t i = result->attempt_count; i-- > 0;) {
		const struct ct_attempt *attempt = &result->attempts[i];

		failed = attempt->went_wrong && !attempt->difference ? attempt : failed;
		wrong = attempt->difference ? attempt : wrong;
		slow = attempt->slow ? attempt : slow;
		hung = attempt->hung ? attempt : hung;
	}
	if (hung)
		deduct_with(j, j->rubric->deadlocked, "It hung: %s", hung->why);
	if (failed)
		deduct_with(j, j->rubric->failed, "A run failed: %s",
			    failed->verdict == CT_VERDICT_FAILED ? failed->why : "see its output");
	if (wrong)
		deduct_with(j, j->rubric->output_points, "The output is wrong: %s",
			    wrong->difference);
	if (slow)
		deduct_with(j, j->rubric->slow,
			    "A run did not hang, but its time was over before it ended");
}

/* `unknown`: no run has a report that would tell. */
static bool uses(const struct ct_result *result, const char *name, bool unknown)
{
	bool any = false;

	for (size_t i = 0; i < result->attempt_count; i++) {
		any |= result->attempts[i].reported;
		for (size_t k = 0; k < result->attempts[i].use_count; k++) {
			if (strcmp(result->attempts[i].uses[k], name) == 0)
				return true;
		}
	}
	return !any && unknown;
}

static void deduct_uses(struct judging *j)
{
	const struct ct_rubric *rubric = j->rubric;
	const struct ct_result *result = j->result;
	bool busy = false;

	for (size_t i = 0; i < rubric->require.count; i++) {
		const struct ct_rubric_price *use = &rubric->require.items[i];

		if (!uses(result, use->name, true))
			deduct_with(j, use->points, "It does not use what is asked for: %s",
				    use->name);
	}
	for (size_t i = 0; i < rubric->forbid.count; i++) {
		const struct ct_rubric_price *use = &rubric->forbid.items[i];

		if (uses(result, use->name, false))
			deduct_with(j, use->points, "It uses what is not allowed: %s", use->name);
	}
	for (size_t i = 0; i < result->attempt_count; i++)
		busy |= result->attempts[i].cpu_known &&
			result->attempts[i].cpu_ms > rubric->cpu_ms;
	if (busy)
		deduct_with(j, rubric->busy_waiting,
			    "It waits busily: a run took more than %" PRIu64 ".%" PRIu64
			    " s of processor time",
			    rubric->cpu_ms / 1000, rubric->cpu_ms % 1000 / 100);
}

static bool has_unseen(const struct ct_result *result, const char *sentence)
{
	for (size_t i = 0; i < result->unseen_count; i++) {
		if (strcmp(result->unseen[i], sentence) == 0)
			return true;
	}
	return false;
}

static void add_unseen(struct ct_result *result, const char *sentence)
{
	if (result->unseen_count < UNSEEN_MAX && !has_unseen(result, sentence))
		result->unseen[result->unseen_count++] = sentence;
}

/* Not of a rubric that looks for races in another way, or not at all. */
static bool wants_compiled(const struct ct_rubric *rubric)
{
	return rubric->race && strcmp(rubric->races, "off") != 0 &&
	       strcmp(rubric->races, "traps") != 0;
}

/* What the runs did not show: then "nothing was found" says less. */
static void gather_unseen(struct judging *j)
{
	struct ct_result *result = j->result;

	result->unseen = ct_arena_calloc(&result->arena, UNSEEN_MAX, sizeof(*result->unseen));
	result->unseen_count = 0;
	j->no_memory |= !result->unseen;
	for (size_t i = 0; i < result->attempt_count && result->unseen; i++) {
		const struct ct_attempt *attempt = &result->attempts[i];

		if (!attempt->reported)
			continue;
		if (wants_compiled(j->rubric) && !attempt->races_looked_for)
			add_unseen(result, "accesses to memory, so that no data races were looked "
					   "for: `conctrace cc` did not compile it");
		for (size_t k = 0; k < attempt->unseen_count; k++)
			add_unseen(result, attempt->unseen[k]);
	}
	if (result->unseen_count)
		deduct_with(j, j->rubric->incomplete, "Not all of it was observed: %s",
			    result->unseen[0]);
}

static void judge_runs(struct ct_result *result)
{
	result->verdict = CT_VERDICT_CLEAN;
	for (size_t i = 0; i < result->attempt_count; i++) {
		if (result->attempts[i].verdict > result->verdict) {
			result->verdict = result->attempts[i].verdict;
			result->why = result->attempts[i].why;
		}
	}
}

enum ct_status ct_points_judge(const struct ct_rubric *rubric, struct ct_result *result)
{
	struct judging j = {.rubric = rubric, .result = result};

	result->of = result->points = rubric->points;
	judge_runs(result);
	unite(&j);
	if (j.no_memory)
		return CT_ENOMEM;
	deduct_ends(&j);
	deduct_findings(&j);
	deduct_uses(&j);
	gather_unseen(&j);
	return j.no_memory ? CT_ENOMEM : CT_OK;
}

enum ct_status ct_points_no_build(const struct ct_rubric *rubric, struct ct_result *result)
{
	struct judging j = {.rubric = rubric, .result = result};

	result->of = result->points = rubric->points;
	result->verdict = CT_VERDICT_NO_BUILD;
	gather(&j);
	if (j.no_memory)
		return CT_ENOMEM;
	deduct_with(&j, rubric->no_build, "It does not build: %s", result->why);
	return j.no_memory ? CT_ENOMEM : CT_OK;
}
