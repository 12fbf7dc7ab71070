#include "cli/exit.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/interrupt.h"

void ct_cli_say(const char *fmt, ...)
{
	struct ct_text plain, line;
	va_list args;

	ct_text_init(&plain);
	ct_text_init(&line);
	va_start(args, fmt);
	ct_text_addv(&plain, fmt, args);
	va_end(args);
	ct_text_add(&line, "conctrace: ");
	ct_text_add_printable(&line, ct_text_str(&plain));
	ct_text_addc(&line, '\n');
	/* one write: the program may print at the same time */
	if (ct_text_write(&line, STDERR_FILENO) == CT_ENOMEM)
		fputs("conctrace: out of memory\n", stderr);
	ct_text_fini(&line);
	ct_text_fini(&plain);
}

int ct_cli_fail(const struct ct_error *error)
{
	ct_cli_say("%s", error->text);
	switch (error->status) {
	case CT_EIO:
	case CT_EFORMAT:
	case CT_EVERSION:
	case CT_EUSAGE:
	case CT_ENOTFOUND:
		return CT_EXIT_USAGE;
	case CT_EINTR:
		return CT_EXIT_SIGNAL + ct_interrupt_signal();
	case CT_OK:
	case CT_ENOMEM:
	case CT_EWRITE:
		break;
	}
	return CT_EXIT_INTERNAL;
}

int ct_cli_no_memory(void)
{
	ct_cli_say("out of memory");
	return CT_EXIT_INTERNAL;
}
