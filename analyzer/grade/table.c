#include "grade/table.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/vec.h"
#include "grade/submission.h"

void ct_class_table_fini(struct ct_class_table *table)
{
	for (size_t i = 0; i < table->count; i++) {
		free(table->rows[i].name);
		free(table->rows[i].result.counts);
	}
	free(table->rows);
	*table = (struct ct_class_table){0};
}

static enum ct_status add(struct ct_class_table *table, size_t folder, const char *name,
			  const struct ct_result_row *result)
{
	struct ct_class_table_row row = {.name = strdup(name), .result = *result, .folder = folder};

	if (!row.name ||
	    ct_vec_grow(&table->rows, &table->cap, table->count + 1, sizeof(row)) != CT_OK) {
		free(row.name);
		free(row.result.counts);
		return CT_ENOMEM;
	}
	table->rows[table->count++] = row;
	return CT_OK;
}

static enum ct_status read_entry(struct ct_class_table *table, const char *const *folders,
				 size_t folder, const char *name)
{
	enum ct_status status = CT_OK;
	struct ct_result_row row;
	struct ct_text path;

	ct_text_init(&path);
	ct_text_addf(&path, "%s/%s/result.json", folders[folder], name);
	if (ct_text_status(&path) != CT_OK)
		status = CT_ENOMEM;
	else if (ct_result_row_read(ct_text_str(&path), table->rules, &row) == CT_OK)
		status = add(table, folder, name, &row);
	ct_text_fini(&path);
	return status;
}

static enum ct_status read_folder(struct ct_class_table *table, const char *const *folders,
				  size_t folder, struct ct_error *error)
{
	DIR *dir = opendir(folders[folder]);
	enum ct_status status = CT_OK;
	struct dirent *entry;

	if (!dir)
		return ct_error_set(error, CT_EIO, "%s: %s", folders[folder], strerror(errno));
	while (status == CT_OK && (entry = readdir(dir))) {
		if (entry->d_name[0] != '.')
			status = read_entry(table, folders, folder, entry->d_name);
	}
	closedir(dir);
	return status ? ct_error_set(error, status, "out of memory") : CT_OK;
}

static int by_name(const void *a, const void *b)
{
	const struct ct_class_table_row *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order ? order : (x->folder > y->folder) - (x->folder < y->folder);
}

static enum ct_status unite(struct ct_class_table *table, const char *const *folders,
			    struct ct_error *error)
{
	size_t kept = 0;

	if (table->count)
		qsort(table->rows, table->count, sizeof(*table->rows), by_name);
	for (size_t i = 0; i < table->count; i++) {
		struct ct_class_table_row *row = &table->rows[i], moved = *row;
		const struct ct_class_table_row *last = kept ? &table->rows[kept - 1] : NULL;

		if (!last || strcmp(last->name, row->name) != 0) {
			*row = (struct ct_class_table_row){
				0}; /* whoever stops here frees all once */
			table->rows[kept++] = moved;
			continue;
		}
		if (last->result.key != row->result.key)
			return ct_error_set(error, CT_EUSAGE,
					    "%s and %s both have %s, graded by another rubric, of "
					    "another version, or with other files: leave one out",
					    folders[last->folder], folders[row->folder], row->name);
		free(row->name);
		free(row->result.counts);
		*row = (struct ct_class_table_row){0};
	}
	table->count = kept;
	return CT_OK;
}

enum ct_status ct_class_table_read(const char *const *folders, const struct ct_rule *const *rules,
				   struct ct_error *error, struct ct_class_table *out)
{
	enum ct_status status = CT_OK;

	*out = (struct ct_class_table){.rules = rules};
	for (size_t i = 0; folders[i] && status == CT_OK; i++)
		status = read_folder(out, folders, i, error);
	return status ? status : unite(out, folders, error);
}

enum ct_status ct_class_table_check(const struct ct_class_table *table, const char *const *folders,
				    struct ct_error *error)
{
	for (size_t i = 1; i < table->count; i++) {
		const struct ct_class_table_row *a = &table->rows[0], *b = &table->rows[i];

		if (a->result.rubric_key != b->result.rubric_key)
			return ct_error_set(
				error, CT_EUSAGE,
				"%s/%s and %s/%s were graded by different rubrics, seeds or "
				"versions: grade again, or remove those that are old",
				folders[a->folder], a->name, folders[b->folder], b->name);
	}
	return CT_OK;
}

/* Both are in the order of their names. */
size_t ct_class_table_keep(struct ct_class_table *table, const struct ct_submissions *list,
			   uint64_t rubric_key)
{
	size_t kept = 0, gone, at = 0;

	for (size_t i = 0; i < table->count; i++) {
		struct ct_class_table_row row = table->rows[i];

		while (at < list->count && strcmp(list->names[at], row.name) < 0)
			at++;
		if (at < list->count && strcmp(list->names[at], row.name) == 0 &&
		    row.result.rubric_key == rubric_key) {
			table->rows[kept++] = row;
			continue;
		}
		free(row.name);
		free(row.result.counts);
	}
	gone = table->count - kept;
	table->count = kept;
	return gone;
}

/* A text that a spreadsheet would take for a formula gets a quote before it. */
static void add_field(struct ct_text *out, const char *name)
{
	struct ct_text clean;

	ct_text_init(&clean);
	ct_text_add_printable(&clean, name);
	name = ct_text_str(&clean);
	ct_text_addc(out, '"');
	if (*name && strchr("=+-@\t\r\n|", *name))
		ct_text_addc(out, '\'');
	for (; *name; name++) {
		if (*name == '"')
			ct_text_addc(out, '"');
		ct_text_addc(out, *name);
	}
	ct_text_addc(out, '"');
	ct_text_fini(&clean);
}

enum ct_status ct_class_table_csv(const struct ct_class_table *table, struct ct_text *out)
{
	size_t rules = 0;

	ct_text_add(out, "submission,verdict,points,of,not observed");
	for (; table->rules[rules]; rules++)
		ct_text_addf(out, ",%s", table->rules[rules]->id);
	ct_text_add(out, "\r\n");
	for (size_t i = 0; i < table->count; i++) {
		const struct ct_result_row *result = &table->rows[i].result;

		add_field(out, table->rows[i].name);
		ct_text_addf(out, ",%s,", ct_verdict_word(result->verdict));
		if (result->verdict != CT_VERDICT_ERROR)
			ct_points_add(out, result->points);
		ct_text_addc(out, ',');
		ct_points_add(out, result->of);
		ct_text_add(out, result->incomplete ? ",yes" : ",no");
		for (size_t k = 0; k < rules; k++)
			ct_text_addf(out, ",%" PRIu64, result->counts[k]);
		ct_text_add(out, "\r\n");
	}
	return ct_text_status(out);
}
