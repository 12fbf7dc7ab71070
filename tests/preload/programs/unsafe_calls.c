/*
 * Handlers that call what is not async-signal-safe, each function twice; in which of them that is
 * noted depends on where the signal came. Prints nothing but a line at its end.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <syslog.h>
#include <unistd.h>

void __syslog_chk(int priority, int flag, const char *format, ...);
void __vsyslog_chk(int priority, int flag, const char *format, va_list list);

static volatile sig_atomic_t came;
static sigjmp_buf out;
static FILE *null;
static const char *volatile text = "x\n"; /* no fwrite in its place */

static void log_list(const char *format, ...)
{
	va_list list, again;

	va_start(list, format);
	va_copy(again, list);
	vsyslog(LOG_DEBUG, format, list);
	__vsyslog_chk(LOG_DEBUG, 1, format, again);
	va_end(again);
	va_end(list);
}

static void call_all(void)
{
	for (int i = 0; i < 2; i++) {
		free(realloc(malloc(10), 20));
		fprintf(null, "%d\n", i);
		fputs(text, null);
		putc('x', null);
		fflush(null);
		fclose(fopen("/dev/null", "r"));
		perror("none");
		syslog(LOG_DEBUG, "%d", i);
		__syslog_chk(LOG_DEBUG, 1, "%d", i);
		log_list("%d", i);
	}
}

static void on_alarm(int signal)
{
	(void)signal;
	call_all();
	came = 1;
}

static void jump_out(int signal)
{
	siglongjmp(out, signal);
}

static void wait_for(void (*handler)(int), int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};

	came = 0;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (!came)
		;
}

/* Blocked but for the wait. */
static void await(void)
{
	struct itimerval soon = {.it_value = {.tv_usec = 1000}};
	sigset_t alarms, before;

	came = 0;
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarms, &before);
	setitimer(ITIMER_REAL, &soon, NULL);
	while (!came)
		sigsuspend(&before);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void end_it(int signal)
{
	exit(signal == SIGALRM ? 0 : 1);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	static char memory[65536];
	stack_t stack = {.ss_sp = memory, .ss_size = sizeof(memory)};

	null = fopen("/dev/null", "w");
	if (!null || !freopen("/dev/null", "w", stderr))
		return 1;
	if (strcmp(how, "plain") == 0) {
		wait_for(on_alarm, 0);
	} else if (strcmp(how, "alternate") == 0) {
		sigaltstack(&stack, NULL);
		wait_for(on_alarm, SA_ONSTACK);
	} else if (strcmp(how, "awaited") == 0) {
		signal(SIGALRM, on_alarm);
		await();
	} else if (strcmp(how, "jump") == 0) {
		if (sigsetjmp(out, 1) == 0)
			wait_for(jump_out, 0);
		call_all();
	} else if (strcmp(how, "exit") == 0) {
		printf("ends\n");
		wait_for(end_it, 0);
	}
	printf("ended\n");
	return 0;
}
