#include "finding/race.h"

#include "model/access.h"

static bool is(const struct ct_race_side *side, unsigned int kind)
{
	return side->kind & kind;
}

const char *ct_race_verb(const struct ct_race_side *side)
{
	if (is(side, CT_ACCESS_FREE))
		return "frees";
	if (is(side, CT_ACCESS_READ) && is(side, CT_ACCESS_WRITE))
		return "updates";
	return is(side, CT_ACCESS_WRITE) ? "writes" : "reads";
}
