#include "report/html_timeline.h"

#include "base/text.h"
#include "report/html.h"
#include "report/html_timeline_data.h"
#include "report/html_timeline_still.h"
#include "report/reporter.h"
#include "report/timing_words.h"

static bool occurs(const struct ct_lanes *lanes, enum ct_activity activity)
{
	for (size_t i = 0; i < lanes->thread_count; i++)
		for (size_t k = 0; k < lanes->threads[i].item_count; k++)
			if (lanes->threads[i].items[k].activity == activity)
				return true;
	return false;
}

static bool has_items(const struct ct_timing *timing)
{
	for (size_t i = 0; timing && timing->lanes && i < timing->lanes->thread_count; i++)
		if (timing->lanes->threads[i].item_count)
			return true;
	return false;
}

static void add_legend(struct ct_html *html, const struct ct_lanes *lanes)
{
	ct_html_still_hatches(html);
	ct_html_begin_class(html, "ul", "tl-legend");
	ct_html_attr(html, "aria-label", "What the colours mean");
	for (size_t i = 0; i < CT_ACTIVITIES; i++) {
		if (!occurs(lanes, i))
			continue;
		ct_html_begin(html, "li");
		ct_html_still_swatch(html, i);
		ct_html_textf(html, " %s", ct_activity_name(i));
		ct_html_end(html);
	}
	ct_html_end(html);
}

static void add_note(struct ct_html *html, const struct ct_lanes *lanes)
{
	struct ct_text quantum;

	if (!lanes->quantum_ns)
		return;
	ct_text_init(&quantum);
	ct_timing_add_time(&quantum, lanes->quantum_ns);
	ct_html_begin_class(html, "p", "tl-note");
	ct_html_textf(html,
		      "The trace is long: what took less than %s is joined with its neighbours, "
		      "and shown as what there was most of.",
		      ct_text_str(&quantum));
	ct_html_end(html);
	ct_text_fini(&quantum);
}

static enum ct_status add_view(struct ct_html *html, const struct ct_timing *timing)
{
	enum ct_status status;
	size_t left_out = 0;

	ct_html_begin(html, "div");
	ct_html_attr(html, "id", "timeline-view");
	status = ct_html_still(html, timing, &left_out);
	if (left_out) {
		ct_html_begin_class(html, "p", "tl-note");
		ct_html_textf(html,
			      "This still picture shows the busiest threads; %zu are left out.",
			      left_out);
		ct_html_end(html);
	}
	ct_html_end(html);
	return status;
}

static enum ct_status add_timeline(struct ct_html *html, const struct ct_timing *timing)
{
	struct ct_text wall;
	json_t *data = NULL;
	enum ct_status status;

	ct_text_init(&wall);
	ct_timing_add_time(&wall, timing->wall_ns);
	ct_html_begin(html, "p");
	ct_html_textf(html, "What each thread did, from the first event to the last (%s).",
		      ct_text_str(&wall));
	ct_html_end(html);
	ct_text_fini(&wall);
	add_legend(html, timing->lanes);
	status = add_view(html, timing);
	add_note(html, timing->lanes);
	if (status == CT_OK)
		status = ct_html_timeline_data(timing, &data);
	if (status == CT_OK)
		ct_html_json_script(html, "timeline-data", data);
	return status;
}

enum ct_status ct_html_timeline(struct ct_html *html, const struct ct_report *in)
{
	enum ct_status status = CT_OK;

	ct_html_begin(html, "section");
	ct_html_attr(html, "id", "timeline");
	ct_html_element(html, "h2", NULL, "Timeline");
	if (has_items(in->timing))
		status = add_timeline(html, in->timing);
	else
		ct_html_element(html, "p", NULL,
				in->timing ? "Nothing was recorded that has a time."
					   : "There is no timeline: the trace has no times.");
	ct_html_end(html);
	return status;
}
