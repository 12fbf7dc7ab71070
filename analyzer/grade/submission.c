#include "grade/submission.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "base/vec.h"

const struct ct_tree_limits ct_submission_limits = {
	.bytes = UINT64_C(64) << 20, .entries = 10000, .depth = 32};

void ct_submissions_fini(struct ct_submissions *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->names[i]);
	free(list->names);
	*list = (struct ct_submissions){0};
}

static bool is_source(const char *name)
{
	static const char *const endings[] = {".c", ".cc", ".cpp", ".cxx"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot && dot > name && i < sizeof(endings) / sizeof(*endings); i++) {
		if (strcmp(dot, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool is_submission(const char *folder, const char *name)
{
	struct ct_text path;
	struct stat st;
	bool is = false;

	ct_text_init(&path);
	ct_text_addf(&path, "%s/%s", folder, name);
	if (ct_text_status(&path) == CT_OK && lstat(ct_text_str(&path), &st) == 0)
		is = S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && is_source(name));
	ct_text_fini(&path);
	return is;
}

static enum ct_status add(struct ct_submissions *list, const char *name)
{
	char *copy = strdup(name);

	if (!copy || ct_vec_grow(&list->names, &list->cap, list->count + 1, sizeof(char *))) {
		free(copy);
		return CT_ENOMEM;
	}
	list->names[list->count++] = copy;
	return CT_OK;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

enum ct_status ct_submissions_list(const char *folder, void (*other)(const char *name),
				   struct ct_error *error, struct ct_submissions *out)
{
	DIR *dir = opendir(folder);
	enum ct_status status = CT_OK;
	struct dirent *entry;

	*out = (struct ct_submissions){0};
	if (!dir)
		return ct_error_set(error, CT_EIO, "%s: %s", folder, strerror(errno));
	while (status == CT_OK && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		if (is_submission(folder, entry->d_name))
			status = add(out, entry->d_name);
		else
			other(entry->d_name);
	}
	closedir(dir);
	if (status)
		return ct_error_set(error, status, "out of memory");
	if (out->count)
		qsort(out->names, out->count, sizeof(*out->names), by_bytes);
	return CT_OK;
}

void ct_submissions_shard(struct ct_submissions *list, size_t part, size_t of)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++) {
		if (i % of == part)
			list->names[kept++] = list->names[i];
		else
			free(list->names[i]);
	}
	list->count = kept;
}

enum ct_status ct_submissions_only(struct ct_submissions *list, const char *const *names,
				   struct ct_error *error)
{
	size_t kept = 0;

	for (const char *const *name = names; *name; name++) {
		const void *key = name;

		if (!list->count ||
		    !bsearch(key, list->names, list->count, sizeof(*list->names), by_bytes))
			return ct_error_set(error, CT_ENOTFOUND,
					    "there is no submission of the name %s", *name);
	}
	for (size_t i = 0; i < list->count; i++) {
		bool wanted = false;

		for (const char *const *name = names; *name; name++)
			wanted |= strcmp(*name, list->names[i]) == 0;
		if (wanted)
			list->names[kept++] = list->names[i];
		else
			free(list->names[i]);
	}
	list->count = kept;
	return CT_OK;
}
