/*
 * The one way to grow an array: the caller keeps a pointer, a count and a capacity.
 *
 *	status = ct_vec_grow(&v->items, &v->cap, v->count + 1, sizeof(*v->items));
 *	if (status)
 *		return status;
 *	v->items[v->count++] = item;
 *
 * The array is heap storage, owned by the caller, released with free().
 */
#ifndef CT_BASE_VEC_H
#define CT_BASE_VEC_H

#include "base/status.h"

#include <stddef.h>

/*
 * Make room for at least `need` elements of `elem_size_bytes` each (not 0).
 * `pointer_to_array` is the address of the array pointer; NULL with *cap 0 is an empty array.
 * Grows by half, so that n appends cost O(n); new elements are not initialised.
 * CT_ENOMEM leaves the array and *cap unchanged.
 */
CT_MUST_CHECK enum ct_status ct_vec_grow(void *pointer_to_array, size_t *cap, size_t need,
					 size_t elem_size_bytes);

#endif
