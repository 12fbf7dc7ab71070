#include "grade/result_key.h"

#include <string.h>

/* Source: Fowler, Noll, Vo, FNV-1a with 64 bits. */
static uint64_t mix(uint64_t key, const unsigned char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		key = (key ^ data[i]) * UINT64_C(0x100000001b3);
	return key;
}

uint64_t ct_key_add_number(uint64_t key, uint64_t number)
{
	return mix(key, (const unsigned char *)&number, sizeof(number));
}

uint64_t ct_key_add(uint64_t key, const void *data, size_t size)
{
	return mix(ct_key_add_number(key, size), data, size);
}

uint64_t ct_key_add_text(uint64_t key, const char *text)
{
	return ct_key_add(key, text, strlen(text));
}
