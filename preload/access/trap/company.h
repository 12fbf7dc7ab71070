#ifndef CT_ACCESS_TRAP_COMPANY_H
#define CT_ACCESS_TRAP_COMPANY_H
/* Whose memory an address is, and whether there is anybody who could come to it. */
#include <stdbool.h>
#include <stdint.h>

#include "access/trap/hold.h"
#include "format/ct_live.h"

struct ct_process;

/* Of `space`: other processes have that memory, too. */
#define CT_COMPANY_OF_PROCESSES (UINT64_C(1) << 63)

void ct_company_set_shared(bool (*find)(uintptr_t address, struct ct_hold_memory *out));

/* The calling thread is about to create another one. */
void ct_company_expect(void);
/* Whether it is about to, or has just done so. */
bool ct_company_creates(void);
/* Whether any thread has. */
bool ct_company_begins(void);

/* Sets space and start of *out. False: nobody else can access it now. Async-signal-safe. */
bool ct_company_place(const struct ct_process *process, uintptr_t address,
		      struct ct_held_access *out);

#endif
