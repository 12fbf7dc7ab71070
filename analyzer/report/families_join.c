#include "report/families_join.h"

#include "base/text.h"

enum ct_status ct_families_join(struct ct_text *whole, const struct ct_text *part,
				ct_count_failed_fn *count_failed)
{
	json_t *now = json_loadb(ct_text_str(part), part->len, 0, NULL);
	json_t *before = json_loadb(ct_text_str(whole), whole->len, 0, NULL);
	bool worse = now && (!before || count_failed(now) > count_failed(before));
	enum ct_status status = now ? CT_OK : CT_EFORMAT;

	if (worse) {
		ct_text_reset(whole);
		ct_text_addn(whole, ct_text_str(part), part->len);
		status = ct_text_status(whole);
	}
	json_decref(now);
	json_decref(before);
	return status;
}
