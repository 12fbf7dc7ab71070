#include "live/interrupts.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TOGETHER_MS = 2000, IGNORED_TOGETHER = 2, IGNORED_EVER = 3, TAKEN_NS = 100000000 };

void ct_interrupts_add(struct ct_interrupts *interrupts, uint64_t now_ms)
{
	memmove(&interrupts->at_ms[1], &interrupts->at_ms[0],
		sizeof(interrupts->at_ms) - sizeof(interrupts->at_ms[0]));
	interrupts->at_ms[0] = now_ms;
	interrupts->count++;
}

static bool together(const struct ct_interrupts *interrupts, unsigned count)
{
	return interrupts->count >= count &&
	       interrupts->at_ms[0] - interrupts->at_ms[count - 1] <= TOGETHER_MS;
}

bool ct_interrupts_end(const struct ct_interrupts *interrupts, bool catches)
{
	if (catches)
		return together(interrupts, CT_INTERRUPTS_KEPT);
	return together(interrupts, IGNORED_TOGETHER) || interrupts->count >= IGNORED_EVER;
}

static void read_mask(const char *line, const char *name, uint64_t *out)
{
	if (strncmp(line, name, strlen(name)) == 0)
		*out = strtoull(line + strlen(name), NULL, 16);
}

struct masks {
	uint64_t pending, blocked, ignored, caught; /* of the process, blocked: its first thread */
};

/* Source: proc_pid_status(5). */
static struct masks read_masks(pid_t pid)
{
	struct masks masks = {0};
	char path[32], line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return masks;
	while (fgets(line, sizeof(line), file)) {
		read_mask(line, "ShdPnd:", &masks.pending);
		read_mask(line, "SigBlk:", &masks.blocked);
		read_mask(line, "SigIgn:", &masks.ignored);
		read_mask(line, "SigCgt:", &masks.caught);
	}
	fclose(file);
	return masks;
}

/* One that is blocked stays pending, unless somebody waits for it, who takes it in a moment. */
enum ct_interrupt_fate ct_interrupt_fate(pid_t pid)
{
	static const uint64_t bit = (uint64_t)1 << (SIGINT - 1);
	struct masks masks = read_masks(pid);

	if (masks.blocked & masks.pending & bit) {
		nanosleep(&(struct timespec){.tv_nsec = TAKEN_NS}, NULL);
		masks = read_masks(pid);
	}
	if ((masks.ignored | (masks.blocked & masks.pending)) & bit)
		return CT_INTERRUPT_IGNORED;
	return (masks.caught | masks.blocked) & bit ? CT_INTERRUPT_CAUGHT : CT_INTERRUPT_DEFAULT;
}
