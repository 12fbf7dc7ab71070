#ifndef CT_CLI_INTERRUPT_H
#define CT_CLI_INTERRUPT_H
/*
 * For commands that run a program several times: SIGINT, SIGTERM and SIGHUP end them between two
 * runs, not in the middle of what they do there. (While a program runs, its supervisor takes them.)
 */
#include <signal.h>
#include <stdbool.h>

enum { CT_INTERRUPT_SIGNALS = 3 };

struct ct_interrupt {
	struct sigaction before[CT_INTERRUPT_SIGNALS];
};

/* What was ignored stays ignored. */
void ct_interrupt_begin(struct ct_interrupt *interrupt);
bool ct_interrupt_came(void);
int ct_interrupt_signal(void); /* the first that came, or 0 */
int ct_interrupt_count(void);  /* how many came */
/* One came while a program ran, where its supervisor took it. */
void ct_interrupt_note(int signal);
void ct_interrupt_end(const struct ct_interrupt *interrupt);

#endif
