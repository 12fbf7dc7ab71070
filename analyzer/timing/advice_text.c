#include <stdlib.h>

#include "timing/advice.h"

void ct_advice_add_time(struct ct_text *text, double ns)
{
	if (ns < 1e6)
		ct_text_addf(text, "%.1f us", ns / 1e3);
	else if (ns < 1e9)
		ct_text_addf(text, "%.1f ms", ns / 1e6);
	else
		ct_text_addf(text, "%.2f s", ns / 1e9);
}

double ct_advice_percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

enum ct_status ct_advice_add(struct ct_timing *timing, const char *rule, struct ct_text *text,
			     struct ct_text *help)
{
	struct ct_advice *all = NULL;
	enum ct_status status = ct_text_status(text);

	if (status == CT_OK)
		status = ct_text_status(help);
	if (status == CT_OK) {
		all = realloc(timing->advice, (timing->advice_count + 1) * sizeof(*all));
		status = all ? CT_OK : CT_ENOMEM;
	}
	if (all) {
		timing->advice = all;
		all[timing->advice_count++] =
			(struct ct_advice){.rule = rule, .text = text->data, .help = help->data};
		return CT_OK;
	}
	ct_text_fini(text);
	ct_text_fini(help);
	return status;
}
