/*
 * Replays inputs through a fuzz target without libFuzzer, so that each input that ever broke
 * something is a plain test: every file named, and every file of every folder named.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path, size_t size)
{
	/* exactly as large as the input, so that a sanitizer sees a read past its end */
	uint8_t *data = malloc(size ? size : 1);
	FILE *file = fopen(path, "rb");
	int failed = !data || !file || fread(data, 1, size, file) != size;

	if (failed)
		fprintf(stderr, "%s: cannot be read: %s\n", path, strerror(errno));
	else
		LLVMFuzzerTestOneInput(data, size);
	if (file)
		fclose(file);
	free(data);
	return failed ? -1 : 1;
}

/* How many inputs were replayed, -1 when one could not be read. */
static int replay(const char *path)
{
	struct dirent **entries = NULL;
	struct stat status;
	int count, done = 0;

	if (stat(path, &status)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return -1;
	}
	if (!S_ISDIR(status.st_mode))
		return replay_file(path, (size_t)status.st_size);
	count = scandir(path, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char *child = NULL;
		int one = 0;

		if (entries[i]->d_name[0] != '.' &&
		    asprintf(&child, "%s/%s", path, entries[i]->d_name) >= 0) {
			one = replay(child);
			free(child);
		}
		free(entries[i]);
		done = one < 0 || done < 0 ? -1 : done + one;
	}
	free(entries);
	return count < 0 ? -1 : done;
}

int main(int argc, char **argv)
{
	int total = 0;

	for (int i = 1; i < argc; i++) {
		int one = replay(argv[i]);

		if (one < 0)
			return EXIT_FAILURE;
		total += one;
	}
	printf("%d inputs replayed\n", total);
	return total ? EXIT_SUCCESS : EXIT_FAILURE;
}
