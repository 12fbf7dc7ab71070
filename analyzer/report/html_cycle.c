/*
 * Who waits for whom, as a ring: threads are round, what they wait for and hold is square.
 */
#include "report/html_parts.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"
#include "finding/headline.h"
#include "model/names.h"
#include "report/html_draw.h"
#include "report/words.h"

enum { WIDTH = 136, HEIGHT = 36, ROOM = 16, MARGIN = 28 };

/* A thread, or what a step wants; `verb` is on the arrow that leaves it. */
struct node {
	const struct ct_thread *thread;
	const struct ct_object *object;
	const char *verb;
	int x, y; /* its middle */
};

static size_t make_nodes(const struct ct_finding *finding, struct node *nodes)
{
	size_t count = 0;

	for (size_t i = 0; i < finding->step_count; i++) {
		const struct ct_step_of_cycle *step = &finding->steps[i];

		nodes[count++] = (struct node){.thread = step->thread, .verb = ct_words_verb(step)};
		if (step->wants)
			nodes[count++] = (struct node){.object = step->wants, .verb = "held by"};
	}
	return count;
}

/* Round a wide ellipse, clockwise; the first thread is at the left. */
static void place_nodes(struct node *nodes, size_t count, int *out_width, int *out_height)
{
	double ry = count <= 4 ? 84 : 24.0 * (double)count, rx = count <= 4 ? 250 : 1.9 * ry;

	if (count <= 4 && count > 2)
		rx = 230;
	for (size_t i = 0; i < count; i++) {
		double angle = M_PI + 2 * M_PI * (double)i / (double)count;

		nodes[i].x = (int)lround(rx + rx * cos(angle)) + MARGIN + WIDTH / 2;
		nodes[i].y = (int)lround(ry + ry * sin(angle)) + MARGIN + HEIGHT / 2;
	}
	*out_width = (int)(2 * rx) + WIDTH + 2 * MARGIN;
	*out_height = (int)(2 * ry) + HEIGHT + 2 * MARGIN;
}

/* Where the line from the middle of `from` to the middle of `to` leaves the box of `from`. */
static void leave(const struct node *from, const struct node *to, int gap, int *out_x, int *out_y)
{
	double dx = to->x - from->x, dy = to->y - from->y;
	double across = dx != 0 ? (WIDTH / 2.0 + gap) / fabs(dx) : INFINITY;
	double down = dy != 0 ? (HEIGHT / 2.0 + gap) / fabs(dy) : INFINITY;
	double part = fmin(across, down);

	*out_x = from->x + (int)lround(dx * part);
	*out_y = from->y + (int)lround(dy * part);
}

static void draw_edge(const struct ct_html_page *page, const struct node *from,
		      const struct node *to, bool two)
{
	int x1, y1, x2, y2, aside = 0;

	leave(from, to, 2, &x1, &y1);
	leave(to, from, 2, &x2, &y2);
	/* of two threads that wait for each other the arrows lie side by side */
	if (two)
		aside = to->x > from->x ? -9 : 9;
	ct_html_draw_arrow(page->html, from->thread ? "wants" : "held", x1, y1 + aside, x2,
			   y2 + aside);
	ct_html_draw_text(page->html, "verb", (x1 + x2) / 2,
			  (y1 + y2) / 2 + aside + (aside > 0 ? 15 : -6), 20, from->verb);
}

static void draw_node(const struct ct_html_page *page, const struct node *node)
{
	const char *name = node->thread ? ct_name_thread(page->in->naming, node->thread)
					: ct_name_object_short(page->in->naming, node->object);

	ct_html_draw_box(page->html, node->thread ? "node thread" : "node object",
			 node->x - WIDTH / 2, node->y - HEIGHT / 2, WIDTH, HEIGHT,
			 node->thread ? HEIGHT / 2 : 3);
	ct_html_draw_text(page->html, node->thread ? "name thread" : "name object", node->x,
			  node->y + 5, ROOM, name);
}

static void draw(const struct ct_html_page *page, struct node *nodes, size_t count)
{
	int width, height;

	place_nodes(nodes, count, &width, &height);
	ct_html_draw_begin(page->html, "cycle", width, height,
			   "A ring: each thread waits for what the next one holds");
	for (size_t i = 0; i < count; i++)
		draw_edge(page, &nodes[i], &nodes[(i + 1) % count], count == 2);
	for (size_t i = 0; i < count; i++)
		draw_node(page, &nodes[i]);
	ct_html_draw_end(page->html);
}

void ct_html_cycle(const struct ct_html_page *page, const struct ct_finding *finding)
{
	struct node nodes[2 * CT_HTML_RING];
	size_t count;

	if (finding->step_count > CT_HTML_RING || !finding->step_count)
		return;
	count = make_nodes(finding, nodes);
	ct_html_element(page->html, "h4", NULL,
			finding->evidence < CT_CONFIRMED ? "Who would wait for whom"
							 : "Who waits for whom");
	draw(page, nodes, count);
}
