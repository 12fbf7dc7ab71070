/* What prctl changes that the recorder has to know: the thread's name, and what it may do: read the
 * time stamp counter, call the kernel. And ptrace, by which a child asks to be traced. */
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "record/clock.h"
#include "record/recorder.h"
#include "record/thread.h"
#include "record/traps.h"

#ifndef PR_SET_MDWE /* Linux 6.3: code may not become writable */
#define PR_SET_MDWE 65
#endif

static void named(const char *given)
{
	char name[16];

	/* the kernel has read all but the last */
	for (size_t i = 0; i < sizeof(name) - 1; i++) {
		name[i] = given[i];
		if (!name[i])
			break;
	}
	name[sizeof(name) - 1] = '\0';
	ct_thread_name(name);
}

/* From then on the thread may read, write and end, and is killed for any other call to the kernel,
 * which a record may need: it has no more of them. */
static int be_strict(void)
{
	struct ct_recorder *self = ct_self;
	int result;

	ct_self = &ct_recorder_off;
	result = CT_REAL(prctl)(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0UL, 0UL, 0UL);
	if (result)
		ct_self = self;
	else if (self->live)
		self->live->lost++;
	return result;
}

/* As libc's, which takes four whether they were given or not. */
CT_EXPORT int prctl(int option, ...)
{
	unsigned long a, b, c, d;
	va_list list;
	int result;

	va_start(list, option);
	a = va_arg(list, unsigned long);
	b = va_arg(list, unsigned long);
	c = va_arg(list, unsigned long);
	d = va_arg(list, unsigned long);
	va_end(list);
	if (option == PR_SET_TSC && a == PR_TSC_SIGSEGV)
		ct_clock_leave_tsc();
	if (ct_traps && (option == PR_SET_SECCOMP || option == PR_SET_MDWE))
		ct_traps->aside(option == PR_SET_MDWE ? CT_TRAP_REFUSED : CT_TRAP_SECCOMP);
	if (option == PR_SET_SECCOMP && a == SECCOMP_MODE_STRICT)
		return be_strict();
	result = CT_REAL(prctl)(option, a, b, c, d);
	if (option == PR_SET_NAME && result == 0)
		named((const char *)a);
	return result;
}

/* As libc's, which takes three whether they were given or not. A tracer expects a child that asks
 * for it to stop at its exec, not at traps before that. */
CT_EXPORT long ptrace(enum __ptrace_request request, ...)
{
	unsigned long a, b, c;
	va_list list;

	va_start(list, request);
	a = va_arg(list, unsigned long);
	b = va_arg(list, unsigned long);
	c = va_arg(list, unsigned long);
	va_end(list);
	if (ct_traps && request == PTRACE_TRACEME)
		ct_traps->aside(CT_TRAP_DEBUGGER);
	return CT_REAL(ptrace)(request, a, b, c);
}
