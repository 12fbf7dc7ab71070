#include "grade/feedback.h"

#include <inttypes.h>

#include "base/text.h"
#include "grade/result.h"
#include "grade/rubric.h"
#include "report/html.h"

/* The others are one like the other; result.json has all. */
enum { FINDINGS_SHOWN = 20 };

static void add_points(struct ct_html *html, int64_t points)
{
	struct ct_text text;

	ct_text_init(&text);
	ct_points_add(&text, points);
	ct_text_add(&text, points == CT_POINT ? " point: " : " points: ");
	ct_html_element(html, "strong", NULL, ct_text_str(&text));
	ct_text_fini(&text);
}

static void add_verdict(struct ct_html *html, const struct ct_result *result)
{
	struct ct_text line;

	ct_text_init(&line);
	ct_text_addf(&line, "Verdict: %s. Points: ", ct_verdict_word(result->verdict));
	ct_points_add(&line, result->points);
	ct_text_add(&line, " of ");
	ct_points_add(&line, result->of);
	ct_html_begin_class(html, "p", "verdict");
	ct_html_element(html, "strong", NULL, ct_text_str(&line));
	ct_html_end(html);
	if (*result->why) {
		ct_html_begin(html, "p");
		ct_html_sentence(html, result->why);
		ct_html_end(html);
	}
	ct_text_fini(&line);
}

static void add_place(struct ct_html *html, const struct ct_seen *seen)
{
	struct ct_text place;

	if (!seen->file && !seen->function)
		return;
	ct_text_init(&place);
	if (seen->file)
		ct_text_add(&place, seen->file);
	if (seen->file && seen->line)
		ct_text_addf(&place, ":%" PRId64, seen->line);
	if (seen->function)
		ct_text_addf(&place, "%s%s", seen->file ? ", in " : "in ", seen->function);
	ct_html_begin(html, "p");
	ct_html_text(html, "At ");
	ct_html_element(html, "code", NULL, ct_text_str(&place));
	ct_html_end(html);
	ct_text_fini(&place);
}

static void add_deductions(struct ct_html *html, const struct ct_result *result)
{
	ct_html_element(html, "h2", NULL, "What cost points");
	if (!result->deduction_count) {
		ct_html_element(html, "p", NULL, "Nothing.");
		return;
	}
	ct_html_begin(html, "ul");
	for (size_t i = 0; i < result->deduction_count; i++) {
		const struct ct_deduction *deduction = &result->deductions[i];

		ct_html_begin(html, "li");
		add_points(html, deduction->points);
		ct_html_sentence(html, deduction->reason);
		if (deduction->finding)
			ct_html_textf(html, " [%s, %s]", deduction->finding->seen->rule->id,
				      ct_evidence_text(deduction->finding->seen->evidence));
		ct_html_end(html);
	}
	ct_html_end(html);
}

static void add_finding(struct ct_html *html, const struct ct_result_finding *finding)
{
	const struct ct_seen *seen = finding->seen;

	ct_html_begin(html, "section");
	ct_html_begin(html, "h3");
	ct_html_sentence(html, seen->headline);
	ct_html_end(html);
	ct_html_begin(html, "p");
	ct_html_textf(html, "Rule %s: %s. Evidence: %s. Runs that show it: %s.", seen->rule->id,
		      seen->rule->title, ct_evidence_text(seen->evidence), finding->seeds);
	ct_html_end(html);
	add_place(html, seen);
	ct_html_begin(html, "p");
	ct_html_element(html, "strong", NULL, "What to do: ");
	ct_html_sentence(html, seen->fix);
	ct_html_end(html);
	ct_html_begin(html, "pre");
	ct_html_lines(html, seen->details);
	ct_html_end(html);
	ct_html_end(html);
}

static void add_findings(struct ct_html *html, const struct ct_result *result)
{
	if (!result->finding_count)
		return;
	ct_html_element(html, "h2", NULL, "What was found");
	for (size_t i = 0; i < result->finding_count && i < FINDINGS_SHOWN; i++)
		add_finding(html, &result->findings[i]);
	if (result->finding_count > FINDINGS_SHOWN) {
		ct_html_begin(html, "p");
		ct_html_textf(html, "And %zu more.", result->finding_count - FINDINGS_SHOWN);
		ct_html_end(html);
	}
}

static void add_build(struct ct_html *html, const struct ct_result *result)
{
	ct_html_element(html, "h2", NULL, "How it was built");
	ct_html_begin(html, "pre");
	ct_html_lines(html, result->build_command);
	ct_html_end(html);
	if (!*result->build_log)
		return;
	ct_html_begin(html, "details");
	if (result->verdict == CT_VERDICT_NO_BUILD)
		ct_html_attr(html, "open", "open");
	ct_html_element(html, "summary", NULL, "What the compiler said");
	ct_html_begin(html, "pre");
	ct_html_lines(html, result->build_log);
	ct_html_end(html);
	ct_html_end(html);
}

static void add_runs(struct ct_html *html, const struct ct_result *result)
{
	if (!result->attempt_count)
		return;
	ct_html_element(html, "h2", NULL, "The runs");
	ct_html_begin(html, "table");
	ct_html_begin(html, "thead");
	ct_html_begin(html, "tr");
	ct_html_element(html, "th", NULL, "Seed");
	ct_html_element(html, "th", NULL, "Verdict");
	ct_html_element(html, "th", NULL, "Why");
	ct_html_end(html);
	ct_html_end(html);
	ct_html_begin(html, "tbody");
	for (size_t i = 0; i < result->attempt_count; i++) {
		const struct ct_attempt *attempt = &result->attempts[i];

		ct_html_begin(html, "tr");
		ct_html_begin(html, "td");
		ct_html_textf(html, "%" PRIu64, attempt->seed);
		ct_html_end(html);
		ct_html_element(html, "td", NULL, ct_verdict_word(attempt->verdict));
		ct_html_begin(html, "td");
		ct_html_sentence(html, attempt->why);
		ct_html_end(html);
		ct_html_end(html);
	}
	ct_html_end(html);
	ct_html_end(html);
}

enum ct_status ct_feedback_html(const struct ct_rubric *rubric, const struct ct_result *result,
				struct ct_text *out)
{
	struct ct_html *html;
	struct ct_text title;

	if (ct_html_new(&html) != CT_OK)
		return CT_ENOMEM;
	ct_text_init(&title);
	if (*rubric->title)
		ct_text_addf(&title, "%s: ", rubric->title);
	ct_text_add(&title, result->name);
	if (ct_text_status(&title) != CT_OK)
		ct_html_fail(html);
	ct_html_page_begin(html, ct_text_str(&title));
	ct_html_begin(html, "main");
	ct_html_element(html, "h1", NULL, ct_text_str(&title));
	add_verdict(html, result);
	add_deductions(html, result);
	add_findings(html, result);
	add_runs(html, result);
	add_build(html, result);
	ct_html_end(html);
	ct_html_page_end(html, false);
	ct_text_fini(&title);
	return ct_html_finish(html, out);
}
