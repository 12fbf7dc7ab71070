/* Word count: each thread counts the words of half of a text in a table of its own. */
#include "kernel.h"

enum { TEXT = 32 << 20, SLOTS = 1 << 14, WORDS = 4000 };

struct slot {
	uint32_t hash;
	int count;
};

static char *text;
static struct slot *tables[2];

static void count_word(struct slot *table, uint32_t hash)
{
	uint32_t i = hash % SLOTS;

	while (table[i].hash && table[i].hash != hash)
		i = (i + 1) % SLOTS;
	table[i].hash = hash;
	table[i].count++;
}

/* Source of the hash: Fowler, Noll and Vo, FNV-1a. */
static void *count_words(void *number)
{
	int me = kernel_number(number);
	const char *end = text + (me + 1) * (TEXT / 2);
	uint32_t hash = 0;

	for (const char *at = text + me * (TEXT / 2); at < end; at++) {
		if (*at != ' ') {
			hash = (hash ^ (unsigned char)*at) * 16777619u + 1;
		} else if (hash) {
			count_word(tables[me], hash);
			hash = 0;
		}
	}
	return NULL;
}

static void write_text(void)
{
	uint64_t state = 1;

	for (int i = 0; i < TEXT;) {
		uint64_t word = kernel_random(&state) % WORDS * 2654435761u;
		int length = 3 + (int)(word % 6);

		for (int letter = 0; letter < length && i < TEXT; letter++, word /= 26)
			text[i++] = (char)('a' + word % 26);
		if (i < TEXT)
			text[i++] = ' ';
	}
}

int main(void)
{
	long words = 0;

	text = kernel_alloc(TEXT, 1);
	write_text();
	for (int i = 0; i < 2; i++)
		tables[i] = kernel_alloc(SLOTS, sizeof(struct slot));
	kernel_run(count_words);
	for (int i = 0; i < SLOTS; i++)
		words += tables[0][i].count + tables[1][i].count;
	return kernel_result(words);
}
