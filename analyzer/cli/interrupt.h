#ifndef CT_CLI_INTERRUPT_H
#define CT_CLI_INTERRUPT_H
/*
 * For commands that run a program several times: SIGINT and SIGTERM end them between two runs, not
 * in the middle of what they do there. (While a program runs, its supervisor takes them.)
 */
#include <signal.h>
#include <stdbool.h>

struct ct_interrupt {
	struct sigaction before[2];
};

/* What was ignored stays ignored. */
void ct_interrupt_begin(struct ct_interrupt *interrupt);
bool ct_interrupt_came(void);
/* One came while a program ran, where its supervisor took it. */
void ct_interrupt_note(void);
void ct_interrupt_end(const struct ct_interrupt *interrupt);

#endif
