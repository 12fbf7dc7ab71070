#include "base/text.h"

#include "base/vec.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void ct_text_init(struct ct_text *text)
{
	*text = (struct ct_text){0};
}

void ct_text_fini(struct ct_text *text)
{
	free(text->data);
	ct_text_init(text);
}

void ct_text_reset(struct ct_text *text)
{
	text->len = 0;
	text->failed = false;
	if (text->data)
		text->data[0] = '\0';
}

/* Room for `extra` more bytes and the terminator. */
static bool reserve(struct ct_text *text, size_t extra)
{
	if (text->failed)
		return false;
	if (extra >= SIZE_MAX - text->len ||
	    ct_vec_grow(&text->data, &text->cap, text->len + extra + 1, 1) != CT_OK)
		text->failed = true;
	return !text->failed;
}

void ct_text_addn(struct ct_text *text, const char *s, size_t len)
{
	if (!reserve(text, len))
		return;
	if (len)
		memcpy(text->data + text->len, s, len);
	text->len += len;
	text->data[text->len] = '\0';
}

void ct_text_add(struct ct_text *text, const char *s)
{
	ct_text_addn(text, s, strlen(s));
}

void ct_text_addc(struct ct_text *text, char c)
{
	ct_text_addn(text, &c, 1);
}

void ct_text_addv(struct ct_text *text, const char *fmt, va_list args)
{
	va_list again;
	int len;

	if (!reserve(text, 0))
		return;
	va_copy(again, args);
	len = vsnprintf(text->data + text->len, text->cap - text->len, fmt, args);
	if (len < 0) {
		text->failed = true;
	} else if ((size_t)len < text->cap - text->len) {
		text->len += (size_t)len;
	} else if (reserve(text, (size_t)len)) {
		vsnprintf(text->data + text->len, (size_t)len + 1, fmt, again);
		text->len += (size_t)len;
	}
	va_end(again);
	text->data[text->len] = '\0'; /* a failed attempt leaves no half of a line */
}

void ct_text_addf(struct ct_text *text, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ct_text_addv(text, fmt, args);
	va_end(args);
}

const char *ct_text_str(const struct ct_text *text)
{
	return text->data ? text->data : "";
}

enum ct_status ct_text_status(const struct ct_text *text)
{
	return text->failed ? CT_ENOMEM : CT_OK;
}

/* The error of a write: can the call be made again? Waits first if the descriptor is full. */
static bool may_retry(int fd)
{
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};

	if (errno == EINTR)
		return true;
	if (errno != EAGAIN && errno != EWOULDBLOCK)
		return false;
	return poll(&pfd, 1, -1) >= 0 || errno == EINTR;
}

enum ct_status ct_text_write(const struct ct_text *text, int fd)
{
	size_t done = 0;

	if (text->failed)
		return CT_ENOMEM;
	while (done < text->len) {
		ssize_t n = write(fd, text->data + done, text->len - done);

		if (n > 0) {
			done += (size_t)n;
		} else if (n == 0) {
			errno = EIO; /* no progress and no reason: do not spin */
			return CT_EIO;
		} else if (!may_retry(fd)) {
			return CT_EIO;
		}
	}
	return CT_OK;
}
