#include "report/sarif_join.h"

#include <inttypes.h>

#include "base/text.h"
#include "report/join.h"

/* "conctrace/bank/perturb/7/": ends with a slash, as GitHub's category is what stands before the
 * last one, and refuses a log with two runs of one category. */
static bool name_run(struct ct_json *json, json_t *run, uint64_t seed)
{
	const char *before =
		json_string_value(json_object_get(json_object_get(run, "automationDetails"), "id"));
	json_t *details;
	struct ct_text id;

	if (!json_object_get(run, "tool"))
		return false;
	details = ct_json_object(json);
	ct_text_init(&id);
	ct_text_addf(&id, "%sperturb/%" PRIu64 "/", before ? before : "conctrace/", seed);
	ct_json_set_string(json, details, "id", ct_text_str(&id));
	if (ct_text_status(&id))
		json->failed = true;
	ct_text_fini(&id);
	ct_json_set(json, run, "automationDetails", details);
	return true;
}

enum ct_status ct_sarif_join(struct ct_text *whole, const struct ct_text *part, uint64_t seed,
			     bool told)
{
	(void)told;
	return ct_join_runs(whole, part, seed, name_run);
}
