#include "base/vec.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CT_VEC_FIRST_CAP = 8 };

enum ct_status ct_vec_grow(void *pointer_to_array, size_t *cap, size_t need, size_t elem_size_bytes)
{
	size_t limit;
	size_t grown;
	void *array;

	assert(elem_size_bytes > 0);
	if (need <= *cap)
		return CT_OK;
	limit = (size_t)PTRDIFF_MAX / elem_size_bytes;
	if (need > limit)
		return CT_ENOMEM;
	grown = *cap + *cap / 2; /* cannot wrap: *cap is at most PTRDIFF_MAX */
	if (grown < CT_VEC_FIRST_CAP)
		grown = CT_VEC_FIRST_CAP;
	if (grown < need || grown > limit)
		grown = need;
	/* The array has a type of its own, so its pointer may not be read as a void pointer. */
	memcpy(&array, pointer_to_array, sizeof(array));
	array = realloc(array, grown * elem_size_bytes);
	if (!array)
		return CT_ENOMEM;
	memcpy(pointer_to_array, &array, sizeof(array));
	*cap = grown;
	return CT_OK;
}
