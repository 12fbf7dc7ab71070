#include "cli/interrupt.h"

#include <stddef.h>

static const int signals[CT_INTERRUPT_SIGNALS] = {SIGINT, SIGTERM, SIGHUP};
/* A handler has nothing else to write to. */
static volatile sig_atomic_t came, count;

static void handle(int signal)
{
	if (!came)
		came = signal;
	count++;
}

void ct_interrupt_begin(struct ct_interrupt *interrupt)
{
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < CT_INTERRUPT_SIGNALS; i++) {
		sigaction(signals[i], NULL, &interrupt->before[i]);
		if (interrupt->before[i].sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

void ct_interrupt_note(int signal)
{
	handle(signal);
}

int ct_interrupt_signal(void)
{
	return came;
}

int ct_interrupt_count(void)
{
	return count;
}

bool ct_interrupt_came(void)
{
	return came;
}

void ct_interrupt_end(const struct ct_interrupt *interrupt)
{
	for (size_t i = 0; i < CT_INTERRUPT_SIGNALS; i++)
		sigaction(signals[i], &interrupt->before[i], NULL);
}
