/*
 * Of wraps.def: printing into a buffer. Said is what was put there, with its end; not what the
 * arguments point to.
 */
#include "access/wrap.h"

static int prints(const char *buffer, size_t size, int length, uintptr_t pc)
{
	if (length >= 0 && size)
		ct_wrap_writes(buffer, (size_t)length < size ? (size_t)length + 1 : size, pc);
	return length;
}

int __wrap_snprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = __real_vsnprintf(buffer, size, format, list);
	va_end(list);
	return prints(buffer, size, length, CT_WRAP_PC);
}

int __wrap_vsnprintf(char *buffer, size_t size, const char *format, va_list list)
{
	return prints(buffer, size, __real_vsnprintf(buffer, size, format, list), CT_WRAP_PC);
}

int __wrap_sprintf(char *buffer, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = __real_vsprintf(buffer, format, list);
	va_end(list);
	return prints(buffer, SIZE_MAX, length, CT_WRAP_PC);
}

int __wrap_vsprintf(char *buffer, const char *format, va_list list)
{
	return prints(buffer, SIZE_MAX, __real_vsprintf(buffer, format, list), CT_WRAP_PC);
}

int __wrap___snprintf_chk(char *buffer, size_t size, int flag, size_t room, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = __real___vsnprintf_chk(buffer, size, flag, room, format, list);
	va_end(list);
	return prints(buffer, size, length, CT_WRAP_PC);
}

int __wrap___vsnprintf_chk(char *buffer, size_t size, int flag, size_t room, const char *format,
			   va_list list)
{
	int length = __real___vsnprintf_chk(buffer, size, flag, room, format, list);

	return prints(buffer, size, length, CT_WRAP_PC);
}

int __wrap___sprintf_chk(char *buffer, int flag, size_t room, const char *format, ...)
{
	va_list list;
	int length;

	va_start(list, format);
	length = __real___vsprintf_chk(buffer, flag, room, format, list);
	va_end(list);
	return prints(buffer, SIZE_MAX, length, CT_WRAP_PC);
}

int __wrap___vsprintf_chk(char *buffer, int flag, size_t room, const char *format, va_list list)
{
	int length = __real___vsprintf_chk(buffer, flag, room, format, list);

	return prints(buffer, SIZE_MAX, length, CT_WRAP_PC);
}
