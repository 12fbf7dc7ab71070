#include "base/status.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

const char *ct_status_text(enum ct_status status)
{
	switch (status) {
	case CT_OK:
		return "success";
	case CT_ENOMEM:
		return "out of memory";
	case CT_EIO:
		return "input/output error";
	case CT_EFORMAT:
		return "malformed input";
	case CT_EVERSION:
		return "unsupported version";
	case CT_EUSAGE:
		return "invalid use";
	case CT_ENOTFOUND:
		return "not found";
	case CT_EINTR:
		return "interrupted";
	case CT_EWRITE:
		return "cannot write";
	}
	return "unknown error";
}

/* Length of `text` without a last character whose bytes were cut off by a full buffer. */
static size_t whole_characters(const char *text, size_t len)
{
	size_t tail = 0;
	size_t want = 1;

	while (tail < 3 && tail < len && ((unsigned char)text[len - 1 - tail] & 0xc0) == 0x80)
		tail++;
	if (tail == len)
		return len;
	unsigned char lead = (unsigned char)text[len - 1 - tail];
	if (lead >= 0xf0)
		want = 4;
	else if (lead >= 0xe0)
		want = 3;
	else if (lead >= 0xc0)
		want = 2;
	return tail + 1 < want ? len - 1 - tail : len;
}

enum ct_status ct_error_set(struct ct_error *err, enum ct_status status, const char *fmt, ...)
{
	char text[sizeof(err->text)]; /* not err->text itself: an argument may point there */
	va_list args;
	int len;

	if (!err)
		return status;
	va_start(args, fmt);
	len = vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (len < 0)
		snprintf(text, sizeof(text), "%s", ct_status_text(status));
	else if ((size_t)len >= sizeof(text))
		text[whole_characters(text, sizeof(text) - 1)] = '\0';
	err->status = status;
	memcpy(err->text, text, strlen(text) + 1);
	return status;
}
