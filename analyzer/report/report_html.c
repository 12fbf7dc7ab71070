/*
 * A page for browsers: one file that needs no network and no script. Verdict first, then the
 * findings, then where the time went; at the end what was not observed.
 */
#include "report/reporter.h"

#include "base/text.h"
#include "report/html.h"
#include "report/html_parts.h"
#include "report/html_timeline.h"
#include "report/stand_in.h"

static const char *program_of(const struct ct_report *in)
{
	const struct ct_model *model = in->model;
	const char *name = model->process_count ? ct_program_name(model->processes[0]) : NULL;

	return name ? name : "a recorded program";
}

static void add_link(struct ct_html *html, const char *href, const char *text)
{
	ct_html_begin(html, "a");
	ct_html_attr(html, "href", href);
	ct_html_text(html, text);
	ct_html_end(html);
}

static void add_top(const struct ct_html_page *page)
{
	const struct ct_report *in = page->in;
	struct ct_html *html = page->html;

	ct_html_begin_class(html, "a", "skip");
	ct_html_attr(html, "href", "#verdict");
	ct_html_text(html, "To the verdict");
	ct_html_end(html);
	ct_html_begin_class(html, "header", "top");
	ct_html_begin(html, "h1");
	ct_html_begin(html, "bdi");
	ct_html_text(html, program_of(in));
	ct_html_end(html);
	ct_html_element(html, "span", "tool", "conctrace");
	ct_html_end(html);
	ct_html_begin(html, "nav");
	ct_html_attr(html, "aria-label", "Sections");
	if (page->entries->count)
		add_link(html, "#findings", "Findings");
	if (in->findings->hidden_count || in->unused_count)
		add_link(html, "#hidden", "Hidden");
	add_link(html, "#timeline", "Timeline");
	if (in->timing) {
		add_link(html, "#timing", "Time");
		add_link(html, "#threads", "Threads");
		add_link(html, "#locks", "Locks");
	}
	add_link(html, "#not-observed", "Not observed");
	ct_html_end(html);
	ct_html_end(html);
}

static enum ct_status add_content(const struct ct_html_page *page)
{
	enum ct_status status;

	add_top(page);
	ct_html_begin(page->html, "main");
	ct_html_verdict(page);
	ct_html_findings(page);
	ct_html_hidden(page);
	ct_html_waiting(page);
	status = ct_html_timeline(page->html, page->in);
	if (page->in->timing) {
		ct_html_course(page);
		ct_html_threads(page);
		ct_html_locks(page);
	} else {
		ct_html_objects(page);
	}
	ct_html_lacks(page);
	ct_html_end(page->html);
	ct_html_begin(page->html, "footer");
	ct_html_textf(page->html, "conctrace %s", CT_VERSION);
	if (page->in->command) {
		ct_html_text(page->html, ": ");
		ct_html_element(page->html, "code", NULL, page->in->command);
	}
	ct_html_end(page->html);
	return status;
}

static enum ct_status write_page(struct ct_html_page *page, struct ct_text *out)
{
	enum ct_status status = ct_html_new(&page->html), finished;
	struct ct_text title;

	if (status)
		return status;
	ct_text_init(&title);
	ct_text_addf(&title, "%s - conctrace", program_of(page->in));
	ct_html_page_begin(page->html, ct_text_str(&title));
	status = add_content(page);
	ct_html_page_end(page->html, true);
	if (!status)
		status = ct_text_status(&title);
	ct_text_fini(&title);
	finished = ct_html_finish(page->html, out);
	return status ? status : finished;
}

static enum ct_status write_html(const struct ct_report *in, struct ct_text *out)
{
	struct ct_html_page page = {.in = in};
	struct ct_entries entries;
	enum ct_status status = ct_entries_make(in, &entries);

	if (status == CT_OK) {
		page.entries = &entries;
		status = write_page(&page, out);
		ct_entries_fini(&entries);
	}
	return status;
}

const struct ct_reporter ct_report_html = {
	.name = "html",
	.extension = "html",
	.description = "a page for browsers",
	.wants_timing = true,
	.write = write_html,
};
