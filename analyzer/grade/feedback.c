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

static void begin_section(struct ct_html *html, const char *headline)
{
	ct_html_begin(html, "section");
	ct_html_element(html, "h2", NULL, headline);
}

/* Scrolls where it is wider than the page, also by keys. */
static void begin_scroll(struct ct_html *html, const char *label)
{
	ct_html_begin_class(html, "div", "scroll");
	ct_html_attr(html, "tabindex", "0");
	ct_html_attr(html, "role", "region");
	ct_html_attr(html, "aria-label", label);
}

static void add_told(struct ct_html *html, const char *label, const char *text)
{
	begin_scroll(html, label);
	ct_html_begin(html, "pre");
	ct_html_lines(html, text);
	ct_html_end(html);
	ct_html_end(html);
}

static const char *kind_of(const struct ct_result *result)
{
	if (result->verdict == CT_VERDICT_ERROR)
		return "unsure";
	if (result->verdict != CT_VERDICT_CLEAN)
		return "bad";
	return result->unseen_count || result->deduction_count ? "unsure" : "good";
}

static void begin_fact(struct ct_html *html, const char *name)
{
	ct_html_begin(html, "div");
	ct_html_element(html, "dt", NULL, name);
	ct_html_begin(html, "dd");
}

static void end_fact(struct ct_html *html)
{
	ct_html_end(html);
	ct_html_end(html);
}

static void add_facts(struct ct_html *html, const struct ct_rubric *rubric,
		      const struct ct_result *result)
{
	struct ct_text points;

	ct_text_init(&points);
	ct_points_add(&points, result->points);
	ct_text_add(&points, " of ");
	ct_points_add(&points, result->of);
	ct_html_begin_class(html, "dl", "facts");
	begin_fact(html, "Points");
	ct_html_element(html, "strong", NULL,
			result->verdict == CT_VERDICT_ERROR ? "none yet" : ct_text_str(&points));
	end_fact(html);
	begin_fact(html, "Runs");
	ct_html_textf(html, "%zu", result->attempt_count);
	end_fact(html);
	begin_fact(html, "Limits of a run");
	ct_html_textf(html,
		      "%" PRIu64 ".%" PRIu64 " s, %" PRIu64 " MB of memory, %" PRIu64
		      " processes and threads, %" PRIu64 " kB of output",
		      rubric->timeout_ms / 1000, rubric->timeout_ms % 1000 / 100,
		      rubric->memory_bytes >> 20, rubric->processes, rubric->output_bytes >> 10);
	end_fact(html);
	ct_html_end(html);
	if (ct_text_status(&points) != CT_OK)
		ct_html_fail(html);
	ct_text_fini(&points);
}

/* Colour, sign and word, as on the page of a report. */
static void add_verdict(struct ct_html *html, const struct ct_rubric *rubric,
			const struct ct_result *result)
{
	const char *kind = kind_of(result);

	ct_html_begin(html, "section");
	ct_html_attrf(html, "class", "verdict %s", kind);
	ct_html_attr(html, "aria-label", "Verdict");
	ct_html_begin_class(html, "h2", "headline");
	ct_html_begin_class(html, "span", "sign");
	ct_html_attr(html, "aria-hidden", "true");
	ct_html_text(html, *kind == 'g' ? "\u2713" : *kind == 'b' ? "\u2715" : "!");
	ct_html_end(html);
	ct_html_textf(html, "Verdict: %s%s", ct_verdict_word(result->verdict),
		      result->unseen_count ? ", as far as it was observed" : "");
	ct_html_end(html);
	if (*result->why) {
		ct_html_begin_class(html, "p", "sentence");
		ct_html_sentence(html, result->why);
		ct_html_end(html);
	}
	add_facts(html, rubric, result);
	ct_html_end(html);
}

static void add_unseen(struct ct_html *html, const struct ct_result *result)
{
	if (!result->unseen_count)
		return;
	begin_section(html, "What was not observed");
	ct_html_element(html, "p", NULL, "What is wrong there was not found:");
	ct_html_begin(html, "ul");
	for (size_t i = 0; i < result->unseen_count; i++) {
		ct_html_begin(html, "li");
		ct_html_sentence(html, result->unseen[i]);
		ct_html_end(html);
	}
	ct_html_end(html);
	ct_html_end(html);
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
	begin_section(html, "What cost points");
	if (!result->deduction_count) {
		ct_html_element(html, "p", NULL, "Nothing.");
		ct_html_end(html);
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
	ct_html_end(html);
}

static void add_finding(struct ct_html *html, const struct ct_result_finding *finding)
{
	const struct ct_seen *seen = finding->seen;

	ct_html_begin_class(html, "article", "finding");
	ct_html_begin_class(html, "p", "tags");
	ct_html_begin(html, "span");
	ct_html_attrf(html, "class", "severity %s", ct_severity_text(seen->severity));
	ct_html_text(html, ct_severity_text(seen->severity));
	ct_html_end(html);
	ct_html_begin_class(html, "span", "rule");
	ct_html_textf(html, "%s: %s", seen->rule->id, seen->rule->title);
	ct_html_end(html);
	ct_html_end(html);
	ct_html_begin(html, "h3");
	ct_html_sentence(html, seen->headline);
	ct_html_end(html);
	ct_html_begin_class(html, "p", "evidence");
	ct_html_textf(html, "Evidence: %s. Runs that show it: %s.",
		      ct_evidence_text(seen->evidence), finding->seeds);
	ct_html_end(html);
	add_place(html, seen);
	ct_html_begin_class(html, "p", "fix");
	ct_html_element(html, "strong", NULL, "What to do: ");
	ct_html_sentence(html, seen->fix);
	ct_html_end(html);
	add_told(html, "The finding in full", seen->details);
	ct_html_end(html);
}

static void add_findings(struct ct_html *html, const struct ct_result *result)
{
	if (!result->finding_count)
		return;
	ct_html_begin(html, "section");
	ct_html_attr(html, "id", "findings");
	ct_html_element(html, "h2", NULL, "What was found");
	for (size_t i = 0; i < result->finding_count && i < FINDINGS_SHOWN; i++)
		add_finding(html, &result->findings[i]);
	if (result->finding_count > FINDINGS_SHOWN) {
		ct_html_begin(html, "p");
		ct_html_textf(html, "And %zu more.", result->finding_count - FINDINGS_SHOWN);
		ct_html_end(html);
	}
	ct_html_end(html);
}

static void add_build(struct ct_html *html, const struct ct_result *result)
{
	if (!*result->build_command)
		return;
	begin_section(html, "How it was built");
	add_told(html, "The command", result->build_command);
	if (*result->build_log) {
		ct_html_begin(html, "details");
		if (result->verdict == CT_VERDICT_NO_BUILD)
			ct_html_attr(html, "open", "open");
		ct_html_element(html, "summary", NULL, "What the compiler said");
		add_told(html, "What the compiler said", result->build_log);
		ct_html_end(html);
	}
	ct_html_end(html);
}

static void add_heading(struct ct_html *html, const char *text)
{
	ct_html_begin(html, "th");
	ct_html_attr(html, "scope", "col");
	ct_html_text(html, text);
	ct_html_end(html);
}

static void add_runs(struct ct_html *html, const struct ct_result *result)
{
	if (!result->attempt_count)
		return;
	begin_section(html, "The runs");
	begin_scroll(html, "The runs");
	ct_html_begin(html, "table");
	ct_html_element(html, "caption", NULL,
			"Each run delays the threads in another way, which its seed decides.");
	ct_html_begin(html, "thead");
	ct_html_begin(html, "tr");
	add_heading(html, "Seed");
	add_heading(html, "Verdict");
	add_heading(html, "Why");
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
	for (int open = 0; open < 4; open++) /* tbody, table, div, section */
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
	ct_html_begin_class(html, "header", "top");
	ct_html_element(html, "h1", NULL, ct_text_str(&title));
	ct_html_end(html);
	ct_html_begin(html, "main");
	add_verdict(html, rubric, result);
	add_unseen(html, result);
	add_deductions(html, result);
	add_findings(html, result);
	add_runs(html, result);
	add_build(html, result);
	ct_html_end(html);
	ct_html_page_end(html, false);
	ct_text_fini(&title);
	return ct_html_finish(html, out);
}
