#include "report/github_join.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/join.h"
#include "report/reporter.h"
#include "report/text_parts.h"

#define REST "::notice title=conctrace::"

static const char *const levels[] = {"::error ", "::warning ", "::notice "};
enum { LEVELS = sizeof(levels) / sizeof(levels[0]) };

/* A whole while it is made. One of the notices is left for the rest. */
struct joined {
	struct ct_text text;
	size_t counts[LEVELS];
	size_t rest;
};

void ct_github_add_rest(struct ct_text *out, size_t count)
{
	if (!count)
		return;
	ct_text_add(out, REST);
	ct_text_add_count(out, count, "more finding");
	ct_text_add(out, " without an annotation: see the summary of this job\n");
}

static bool starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static size_t level_of(const char *line)
{
	size_t level = 0;

	while (level < LEVELS && !starts_with(line, levels[level]))
		level++;
	return level;
}

/* False: it is no command of ours. */
static bool take_line(struct joined *joined, const char *line, size_t len)
{
	size_t level = level_of(line);

	if (level == LEVELS)
		return false;
	if (starts_with(line, REST)) {
		joined->rest += strtoul(line + strlen(REST), NULL, 10);
	} else if (joined->counts[level] + (level == LEVELS - 1) < CT_GITHUB_ANNOTATIONS) {
		joined->counts[level]++;
		ct_text_addn(&joined->text, line, len);
	} else {
		joined->rest++;
	}
	return true;
}

static bool take_lines(struct joined *joined, const struct ct_text *from)
{
	const char *line = ct_text_str(from);

	while (*line) {
		const char *end = strchr(line, '\n');

		if (!end || !take_line(joined, line, (size_t)(end + 1 - line)))
			return false;
		line = end + 1;
	}
	return true;
}

enum ct_status ct_github_join(struct ct_text *whole, const struct ct_text *part,
			      const struct ct_report_run *run)
{
	struct joined joined = {0};
	enum ct_status status = CT_EFORMAT;

	(void)run;
	ct_text_init(&joined.text);
	if (take_lines(&joined, whole) && take_lines(&joined, part)) {
		ct_github_add_rest(&joined.text, joined.rest);
		ct_text_reset(whole);
		ct_text_addn(whole, ct_text_str(&joined.text), joined.text.len);
		whole->failed |= joined.text.failed;
		status = ct_text_status(whole);
	}
	ct_text_fini(&joined.text);
	return status;
}

#define FULL "what further runs found is not shown: this page has no room left\n"

static bool has_findings(const struct ct_text *page)
{
	/* all other text of a page is escaped */
	return strstr(ct_text_str(page), "<details>") != NULL;
}

static bool is_full(const struct ct_text *page)
{
	size_t length = strlen(FULL);

	return page->len >= length && strcmp(ct_text_str(page) + page->len - length, FULL) == 0;
}

enum ct_status ct_github_join_page(struct ct_text *whole, const struct ct_text *part,
				   const struct ct_report_run *run)
{
	const char *page = ct_text_str(part);
	size_t title = strlen(CT_GITHUB_PAGE_TITLE);

	if (!starts_with(page, CT_GITHUB_PAGE_TITLE))
		return CT_EFORMAT;
	if (whole->len && (!run->told || is_full(whole)))
		return CT_OK;
	if (!has_findings(whole))
		ct_text_reset(whole); /* "no findings", which is so no more */
	if (whole->len + part->len + sizeof(FULL) > CT_GITHUB_PAGE_BYTES && whole->len) {
		ct_text_add(whole, FULL);
		return ct_text_status(whole);
	}
	ct_text_add(whole, CT_GITHUB_PAGE_TITLE ", ");
	ct_join_name(whole, run);
	ct_text_addn(whole, page + title, part->len - title);
	return ct_text_status(whole);
}
