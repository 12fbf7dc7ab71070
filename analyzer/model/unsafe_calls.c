#include "model/unsafe_calls.h"

#include <stddef.h>

static const char *const names[] = {
#define UNSAFE(id, name, text) [id] = (text),
#include "format/unsafe.def"
#undef UNSAFE
};

const char *ct_unsafe_name(uint64_t which)
{
	return which < CT_UNSAFE_END ? names[which] : NULL;
}

/* dprintf has none that anybody could be in the middle of. */
bool ct_unsafe_is_stdio(uint64_t which)
{
	switch (which) {
	case CT_UNSAFE_dprintf:
	case CT_UNSAFE_vdprintf:
	case CT_UNSAFE___dprintf_chk:
	case CT_UNSAFE___vdprintf_chk:
		return false;
	default:
		return (which >= CT_UNSAFE_printf && which <= CT_UNSAFE_vfscanf) ||
		       which == CT_UNSAFE_perror ||
		       (which >= CT_UNSAFE___printf_chk && which <= CT_UNSAFE___fread_unlocked_chk);
	}
}
