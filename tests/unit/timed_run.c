#include "timed_run.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void timed_run_begin(struct timed_run *run, struct fake_trace *fake)
{
	struct ct_model *model = fake_model(fake);
	struct ct_error error = {.text = ""};

	*run = (struct timed_run){.fake = fake};
	ct_naming_init(&run->naming, model, NULL);
	assert_int_equal(ct_timing_new(model, &run->naming, NULL, &error, &run->timing), CT_OK);
}

void timed_run_end(struct timed_run *run)
{
	ct_timing_free(run->timing);
	ct_naming_fini(&run->naming);
	fake_free(run->fake);
}
