#include "grade/grade.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/text.h"
#include "grade/pool.h"
#include "grade/submission_grade.h"
#include "report/uses.h"

struct class
{
	const struct ct_grade *grade;
	const char *scratch; /* folder of the workers' folders */
	bool failed;
};

static int work(void *context, size_t index)
{
	const struct class *class = context;
	struct ct_text scratch;
	enum ct_grade_status status = CT_GRADE_FAILED;

	ct_text_init(&scratch);
	ct_text_addf(&scratch, "%s/%zu", class->scratch, index);
	if (ct_text_status(&scratch) == CT_OK)
		status = ct_submission_grade(class->grade, class->grade->list->names[index],
					     ct_text_str(&scratch));
	ct_text_fini(&scratch);
	return (int)status;
}

static void done(void *context, size_t index, int status)
{
	struct class *class = context;

	class->failed |= status == CT_GRADE_FAILED || status < 0;
	if (status != CT_GRADE_INTERRUPTED)
		class->grade->done(class->grade->context, index, status == CT_GRADE_SKIPPED);
}

static void tick(void *context)
{
	const struct class *class = context;

	if (class->grade->tick)
		class->grade->tick(class->grade->context);
}

enum ct_status ct_grade_all(const struct ct_grade *grade, int *out_signal, struct ct_error *error)
{
	const char *folder = getenv("TMPDIR");
	struct class class = {.grade = grade};
	const struct ct_pool_options options = {
		.workers = grade->workers, .count = grade->list->count, .done = done, .tick = tick};
	enum ct_status status = CT_OK;
	struct ct_text scratch;

	ct_text_init(&scratch);
	ct_text_addf(&scratch, "%s/conctrace-grade.XXXXXX", folder && *folder ? folder : "/tmp");
	if (ct_text_status(&scratch) != CT_OK)
		status = ct_error_set(error, CT_ENOMEM, "out of memory");
	else if (!mkdtemp(scratch.data) || chmod(scratch.data, 0711) != 0)
		status = ct_error_set(error, CT_EWRITE, "cannot make a folder like %s",
				      ct_text_str(&scratch));
	if (status == CT_OK) {
		class.scratch = ct_text_str(&scratch);
		status = ct_pool_run(&options, work, &class, out_signal, error);
		ct_tree_remove(class.scratch);
	}
	if (status == CT_OK && class.failed)
		status = ct_error_set(error, CT_EWRITE,
				      "some submissions were not graded, for reasons that are not "
				      "theirs; call it again");
	ct_text_fini(&scratch);
	return status;
}

const char **ct_grade_uses(void)
{
	const char **names = calloc(ct_use_limit() + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; names && i < ct_use_limit(); i++) {
		const char *name = ct_use_name(i);

		if (name)
			names[count++] = name;
	}
	return names;
}
