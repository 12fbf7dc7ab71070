/* report/picture: well-formed SVG with the elements where they belong, whatever the names are. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "base/text.h"
#include "fake_trace.h"
#include "report/picture.h"
#include "report/picture_speedup.h"
#include "report/svg.h"
#include "timing/lanes.h"

#define HOSTILE                                                                                    \
	"</text><script>&\"'\x01\x1b[31m\xff\xfe \xe2\x80\xa8 name that has no end to it at all"

struct fixture {
	struct fake_trace *fake;
	struct ct_naming naming;
	struct ct_timing *timing;
	struct ct_text svg;
};

/* Threads that ran, then slept, one second each; `per_process` to a process. */
static void begin(struct fixture *f, uint32_t threads, uint32_t per_process)
{
	f->fake = fake_new();
	for (uint32_t i = 0; i < threads; i++) {
		uint32_t process = i / per_process + 1;

		if (process > 1 && i % per_process == 0)
			fake_process(f->fake, process, 1, 1, 0, HOSTILE);
		fake_thread(f->fake, process, i % per_process + 1);
	}
	f->timing = calloc(1, sizeof(*f->timing));
	assert_non_null(f->timing);
	f->timing->model = fake_model(f->fake);
	ct_naming_init(&f->naming, f->timing->model, NULL);
	f->timing->naming = &f->naming;
	f->timing->wall_ns = 2000000000;
	f->timing->thread_count = threads;
	f->timing->threads = calloc(threads, sizeof(*f->timing->threads));
	f->timing->lanes = calloc(1, sizeof(*f->timing->lanes));
	assert_non_null(f->timing->threads);
	assert_non_null(f->timing->lanes);
	f->timing->lanes->thread_count = threads;
	f->timing->lanes->threads = calloc(threads, sizeof(*f->timing->lanes->threads));
	f->timing->lanes->arrows = calloc(CT_LANE_ARROWS, sizeof(*f->timing->lanes->arrows));
	assert_non_null(f->timing->lanes->threads);
	assert_non_null(f->timing->lanes->arrows);
	ct_text_init(&f->svg);
}

static void fill(struct fixture *f)
{
	for (size_t i = 0; i < f->timing->thread_count; i++) {
		struct ct_timing_thread *thread = &f->timing->threads[i];
		struct ct_lane *lane = &f->timing->lanes->threads[i];

		thread->thread = f->timing->model->threads[i];
		thread->present = thread->worker = true;
		thread->end_ns = 2000000000;
		thread->creation_ns = CT_TIME_UNKNOWN;
		thread->by_activity[CT_RUNS] = 1000000000 + i;
		lane->items = calloc(2, sizeof(*lane->items));
		assert_non_null(lane->items);
		lane->item_count = lane->item_cap = 2;
		lane->items[0] = (struct ct_lane_item){.to_ns = 1000000000, .activity = CT_RUNS};
		lane->items[1] = (struct ct_lane_item){.from_ns = 1000000000,
						       .to_ns = 2000000000,
						       .activity = CT_WAITS_LOCK,
						       .open = i == 0};
	}
}

static void add_region(struct fixture *f, size_t thread, const char *name)
{
	struct ct_lane *lane = &f->timing->lanes->threads[thread];

	lane->regions = calloc(1, sizeof(*lane->regions));
	assert_non_null(lane->regions);
	lane->region_count = lane->region_cap = 1;
	lane->regions[0] = (struct ct_lane_region){0, 1500000000, name};
}

static void add_arrow(struct fixture *f, size_t from, size_t to)
{
	struct ct_lanes *lanes = f->timing->lanes;

	lanes->arrows[lanes->arrow_count++] = (struct ct_lane_arrow){
		.from = f->timing->model->threads[from],
		.to = f->timing->model->threads[to],
		.from_ns = 500000000,
		.to_ns = 600000000,
		.waited_ns = 100000000,
		.activity = CT_WAITS_LOCK,
	};
}

static void end(struct fixture *f)
{
	ct_text_fini(&f->svg);
	ct_timing_free(f->timing);
	ct_naming_fini(&f->naming);
	fake_free(f->fake);
}

static xmlDocPtr parsed(const struct ct_text *svg)
{
	xmlDocPtr doc = xmlReadMemory(svg->data, (int)svg->len, "picture.svg", NULL, 0);

	assert_non_null(doc);
	assert_string_equal(xmlDocGetRootElement(doc)->name, "svg");
	return doc;
}

/* Nodes that the path finds; elements are written as "s:rect". */
static size_t count(xmlDocPtr doc, const char *path)
{
	xmlXPathContextPtr context = xmlXPathNewContext(doc);
	xmlXPathObjectPtr found;
	size_t nodes;

	xmlXPathRegisterNs(context, BAD_CAST "s", BAD_CAST "http://www.w3.org/2000/svg");
	found = xmlXPathEvalExpression(BAD_CAST path, context);
	assert_non_null(found);
	nodes = found->nodesetval ? (size_t)found->nodesetval->nodeNr : 0;
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	return nodes;
}

static void lanes_have_their_parts(void **state)
{
	struct fixture f;
	xmlDocPtr doc;

	(void)state;
	begin(&f, 6, 3);
	fill(&f);
	add_arrow(&f, 0, 1);
	add_arrow(&f, 4, 0);
	assert_int_equal(ct_picture_lanes(f.timing, &f.svg), CT_OK);
	doc = parsed(&f.svg);
	assert_int_equal(count(doc, "//s:g[@class='lane']"), 6);
	assert_int_equal(count(doc, "//s:rect[@class='frame']"), 2);
	assert_int_equal(count(doc, "//s:path[@class='arrow']"), 2);
	assert_int_equal(count(doc, "//s:path[@class='torn']"), 1);
	assert_int_equal(count(doc, "//s:g[@class='lane']/s:rect[@class='a0']"), 6);
	assert_int_equal(count(doc, "//s:g[@class='lane']/s:rect[@class='a1']/s:title"), 6);
	/* The legend lists what occurs, and nothing else. */
	assert_int_equal(count(doc, "//s:text[.='running']"), 1);
	assert_int_equal(count(doc, "//s:text[.='lock']"), 1);
	assert_int_equal(count(doc, "//s:text[.='sleep']"), 0);
	assert_int_equal(count(doc, "//s:script"), 0);
	xmlFreeDoc(doc);
	end(&f);
}

static void many_lanes_are_left_out(void **state)
{
	struct fixture f;
	xmlDocPtr doc;

	(void)state;
	begin(&f, 1000, 1000);
	fill(&f);
	/* Between threads that are shown, those that ran most; the other arrows have no place. */
	for (size_t i = 0; i < 999; i++)
		add_arrow(&f, i, i + 1);
	assert_int_equal(ct_picture_lanes(f.timing, &f.svg), CT_OK);
	doc = parsed(&f.svg);
	assert_int_equal(count(doc, "//s:g[@class='lane']"), 200);
	assert_int_equal(count(doc, "//s:path[@class='arrow']"), 199);
	assert_non_null(strstr(ct_text_str(&f.svg), "800 are left out"));
	xmlFreeDoc(doc);
	end(&f);
}

/* Labels of a column stand apart by at least their height. */
static void labels_do_not_touch(void **state)
{
	static const uint32_t threads[] = {1, 8, 100, 160, 200};

	(void)state;
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		struct fixture f;
		double last = -100;
		const char *at;

		begin(&f, threads[i], threads[i]);
		fill(&f);
		assert_int_equal(ct_picture_lanes(f.timing, &f.svg), CT_OK);
		at = ct_text_str(&f.svg);
		while ((at = strstr(at, "<text class=\"text\" x=\"192\" y=\""))) {
			double y, size;

			assert_int_equal(sscanf(at,
						"<text class=\"text\" x=\"192\" y=\"%lf\" "
						"font-size=\"%lf\"",
						&y, &size),
					 2);
			assert_true(y - last >= size * 0.98);
			last = y;
			at++;
		}
		assert_true(last > 0);
		end(&f);
	}
}

static void a_bar_for_each_task(void **state)
{
	struct fixture f;
	xmlDocPtr doc;

	(void)state;
	begin(&f, 3, 3);
	fill(&f);
	assert_int_equal(ct_picture_gantt(f.timing, &f.svg), CT_OK);
	doc = parsed(&f.svg);
	assert_int_equal(count(doc, "//s:g[@class='task']/s:rect"), 3);
	assert_int_equal(count(doc, "//s:text[contains(., '3 workers, average 2')]"), 1);
	xmlFreeDoc(doc);
	ct_text_reset(&f.svg);
	add_region(&f, 1, "tile 7");
	add_region(&f, 2, HOSTILE);
	assert_int_equal(ct_picture_gantt(f.timing, &f.svg), CT_OK);
	doc = parsed(&f.svg);
	assert_int_equal(count(doc, "//s:g[@class='task']/s:rect"), 2);
	assert_int_equal(count(doc, "//s:text[.='tile 7']"), 1);
	assert_int_equal(count(doc, "//s:text[contains(., '2 tasks, average 1.5')]"), 1);
	assert_int_equal(count(doc, "//s:title[contains(., '</text><script>')]"), 1);
	assert_int_equal(count(doc, "//s:title[contains(., '\\x1B[31m\\xFF')]"), 1);
	assert_int_equal(count(doc, "//s:script"), 0);
	xmlFreeDoc(doc);
	end(&f);
}

static void the_course_of_parallelism(void **state)
{
	static const double curve[] = {1, 3, 0.5, 0};
	struct fixture f;
	xmlDocPtr doc;

	(void)state;
	begin(&f, 3, 3);
	fill(&f);
	f.timing->cpus = 2;
	f.timing->parallelism = (struct ct_parallelism){.mean = 1.5, .most = 3, .bins = 4};
	f.timing->parallelism.curve = malloc(sizeof(curve));
	assert_non_null(f.timing->parallelism.curve);
	memcpy(f.timing->parallelism.curve, curve, sizeof(curve));
	assert_int_equal(ct_picture_parallelism(f.timing, &f.svg), CT_OK);
	doc = parsed(&f.svg);
	assert_int_equal(count(doc, "//s:path[@class='area']"), 1);
	assert_int_equal(count(doc, "//s:line[@class='dash']"), 1);
	assert_int_equal(count(doc, "//s:text[.='mean 1.50']"), 1);
	assert_int_equal(count(doc, "//s:text[.='2 processors']"), 1);
	xmlFreeDoc(doc);
	end(&f);
}

static void nothing_to_show(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, 1, 1);
	f.timing->threads[0].thread = f.timing->model->threads[0];
	f.timing->wall_ns = 0;
	assert_int_equal(ct_picture_lanes(f.timing, &f.svg), CT_OK);
	xmlFreeDoc(parsed(&f.svg));
	ct_text_reset(&f.svg);
	assert_int_equal(ct_picture_gantt(f.timing, &f.svg), CT_OK);
	xmlFreeDoc(parsed(&f.svg));
	ct_text_reset(&f.svg);
	assert_int_equal(ct_picture_parallelism(f.timing, &f.svg), CT_OK);
	xmlFreeDoc(parsed(&f.svg));
	end(&f);
}

static void points_of_series(void **state)
{
	const double n[] = {1, 2, 4, NAN}, a[] = {1, 1.9, 3.5, 5}, b[] = {1, NAN, INFINITY, 2};
	const struct ct_picture_series series[] = {
		{"threads", n, a, a, a, 4, true, 0.1, 0.8},
		{HOSTILE, n, b, NULL, NULL, 4, false, 0, 0},
	};
	struct ct_text svg;
	xmlDocPtr doc;

	(void)state;
	ct_text_init(&svg);
	assert_int_equal(ct_picture_speedup(HOSTILE, series, 2, &svg), CT_OK);
	doc = parsed(&svg);
	/* Four points, one of them with nothing, and a mark in the legend; ideal, twice. */
	assert_int_equal(count(doc, "//s:path[@class='s0']"), 4);
	assert_int_equal(count(doc, "//s:path[@class='s1']"), 2);
	assert_int_equal(count(doc, "//s:line[@class='dash']"), 2);
	xmlFreeDoc(doc);
	ct_text_reset(&svg);
	assert_int_equal(ct_picture_curve("t", series, 2, &svg), CT_OK);
	doc = parsed(&svg);
	assert_int_equal(count(doc, "//s:line[@class='s0']"), 1);
	assert_int_equal(count(doc, "//s:text[.='time, s']"), 1);
	xmlFreeDoc(doc);
	ct_text_reset(&svg);
	assert_int_equal(ct_picture_curve("t", series, 0, &svg), CT_OK);
	xmlFreeDoc(parsed(&svg));
	ct_text_fini(&svg);
}

static void numbers_and_room(void **state)
{
	struct ct_text text;
	struct ct_svg *svg;

	(void)state;
	ct_text_init(&text);
	ct_svg_number(&text, 12);
	ct_svg_number(&text, -0.5);
	ct_svg_number(&text, 1.006);
	ct_svg_number(&text, -0.001);
	ct_svg_number(&text, NAN);
	assert_string_equal(ct_text_str(&text), "12 -0.50 1.01 0 0 ");
	ct_text_reset(&text);
	assert_int_equal(ct_svg_new(10, 10, "t", "", "", &svg), CT_OK);
	ct_svg_text_in(svg, 0, 0, 10, 30, CT_SVG_LEFT, "x",
		       "\xc3\xa4"
		       "bcdefgh");
	ct_svg_text_in(svg, 0, 0, 10, 30, CT_SVG_LEFT, "x", "abcde");
	assert_int_equal(ct_svg_finish(svg, &text), CT_OK);
	assert_non_null(strstr(ct_text_str(&text), ">\xc3\xa4"
						   "bcd\xe2\x80\xa6<"));
	assert_non_null(strstr(ct_text_str(&text), ">abcde<"));
	ct_text_fini(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lanes_have_their_parts),
		cmocka_unit_test(many_lanes_are_left_out),
		cmocka_unit_test(labels_do_not_touch),
		cmocka_unit_test(a_bar_for_each_task),
		cmocka_unit_test(the_course_of_parallelism),
		cmocka_unit_test(nothing_to_show),
		cmocka_unit_test(points_of_series),
		cmocka_unit_test(numbers_and_room),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}
