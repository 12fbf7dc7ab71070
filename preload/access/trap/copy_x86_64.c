#include <string.h>

#include "access/trap/copies.h"

enum { JUMP = 0xe9, JUMP_LENGTH = 5, TRAP = 0xcc };

uintptr_t ct_copy_reach(void)
{
	return INT32_MAX;
}

/* The distance from the end of what stands before it. */
static bool write_distance(uint8_t *place, uintptr_t target, uintptr_t from)
{
	intptr_t distance = (intptr_t)(target - from);
	int32_t narrow = (int32_t)distance;

	memcpy(place, &narrow, sizeof(narrow));
	return narrow == distance;
}

bool ct_copy_write(const struct ct_site *site, uint8_t out[CT_COPY_SIZE])
{
	uintptr_t behind = site->copy + site->length;

	memset(out, TRAP, CT_COPY_SIZE);
	memcpy(out, (const void *)site->address, site->length);
	out[0] = site->original;
	if (site->relative && !write_distance(out + site->relative, site->absolute, behind))
		return false;
	out[site->length] = JUMP;
	return write_distance(out + site->length + 1, site->address + site->length,
			      behind + JUMP_LENGTH);
}
