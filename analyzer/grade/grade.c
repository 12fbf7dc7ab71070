#include "grade/grade.h"

#include <stdlib.h>

#include "base/text.h"
#include "grade/pool.h"
#include "grade/scratch.h"
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

	if (status < 0)
		status = CT_GRADE_FAILED;
	class->failed |= status == CT_GRADE_FAILED;
	if (status != CT_GRADE_INTERRUPTED)
		class->grade->done(class->grade->context, index, (enum ct_grade_status)status);
}

static void tick(void *context)
{
	const struct class *class = context;

	if (class->grade->tick)
		class->grade->tick(class->grade->context);
}

enum ct_status ct_grade_all(const struct ct_grade *grade, int *out_signal, struct ct_error *error)
{
	struct class class = {.grade = grade};
	const struct ct_pool_options options = {
		.workers = grade->workers, .count = grade->list->count, .done = done, .tick = tick};
	struct ct_scratch scratch;
	enum ct_status status = ct_scratch_make(&scratch, error);

	if (status == CT_OK) {
		class.scratch = ct_text_str(&scratch.path);
		status = ct_pool_run(&options, work, &class, out_signal, error);
	}
	ct_scratch_fini(&scratch);
	if (status == CT_OK && class.failed)
		status = ct_error_set(error, CT_EWRITE,
				      "some submissions were not graded, for reasons that are not "
				      "theirs; call it again");
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
