/*
 * What can go wrong, and how it is told to the caller.
 * Functions that can fail return `enum ct_status`; those that know more than the code also fill a
 * `struct ct_error`. Only cli/ prints one; everything below passes it up.
 */
#ifndef CT_BASE_STATUS_H
#define CT_BASE_STATUS_H

#define CT_MUST_CHECK __attribute__((warn_unused_result))
/* `a`: 1-based position of the format, `b`: of its first argument (0 for a va_list). */
#define CT_PRINTF(a, b) __attribute__((format(printf, a, b)))

enum ct_status {
	CT_OK = 0,
	CT_ENOMEM,   /* memory ran out, or a size cannot be represented */
	CT_EIO,	     /* the system refused to read or write; errno says why right after the call */
	CT_EFORMAT,  /* the input is not what it claims to be */
	CT_EVERSION, /* the input is of a version that this build does not read */
	CT_EUSAGE,   /* the caller or the user asked for something impossible */
	CT_ENOTFOUND,
	CT_EINTR,  /* stopped on request, e.g. by a signal */
	CT_EWRITE, /* output that was begun could not be written to its end: the disk is full */
};

/* One sentence for people, without the subject. Storage is owned by the caller. */
struct ct_error {
	enum ct_status status;
	char text[1024]; /* always terminated; cut at a UTF-8 character if it is too long */
};

/* A short English phrase, never NULL, also for values outside the enum. Static storage. */
const char *ct_status_text(enum ct_status status);

/*
 * Fill `err`, which may be NULL, and return `status`, so that a function can fail in one line.
 * The arguments may point into err->text: that is how a caller puts context before a message.
 */
enum ct_status ct_error_set(struct ct_error *err, enum ct_status status, const char *fmt, ...)
	CT_PRINTF(3, 4);

#endif
