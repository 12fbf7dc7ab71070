/* What prctl changes that the recorder has to know: the thread's name, and whether it may read the
 * time stamp counter. */
#include <sys/prctl.h>

#include "hooks/call.h"
#include "hooks/real.h"
#include "record/clock.h"
#include "record/thread.h"

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
	result = CT_REAL(prctl)(option, a, b, c, d);
	if (option == PR_SET_NAME && result == 0)
		named((const char *)a);
	return result;
}
