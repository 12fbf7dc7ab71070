#ifndef CT_CLI_DOCTOR_H
#define CT_CLI_DOCTOR_H
/*
 * `conctrace doctor`: can programs be recorded here, can this one, and what of it will not be seen.
 * Each check adds one line to the report.
 */
#include <libelf.h>
#include <stdbool.h>

#include "base/status.h"
#include "base/text.h"

struct ct_doctor {
	struct ct_text report;
	unsigned problems; /* lines that say that recording cannot work */
};

enum ct_doctor_level {
	CT_DOCTOR_GOOD,
	CT_DOCTOR_NOTE,	  /* works, but the user should know */
	CT_DOCTOR_PROBLEM /* does not work */
};

void ct_doctor_say(struct ct_doctor *doctor, enum ct_doctor_level level, const char *fmt, ...)
	CT_PRINTF(3, 4);

/* The machine, and what surrounds a program: loading, trace folder, limits, clock, tools. */
void ct_doctor_machine(struct ct_doctor *doctor);

/* Whether code can get traps, which data races are caught by in any program. */
void ct_doctor_traps(struct ct_doctor *doctor);
/* False: what forbids traps in that program is added to `out_why`. */
bool ct_doctor_takes_traps(Elf *elf, struct ct_text *out_why);

/* A program, looked up as execvp() does, and the libraries it is linked to. */
void ct_doctor_program(struct ct_doctor *doctor, const char *program);

/* Whose calls: all functions that the file asks for, against those that the recorder stands before
 * and those that it says it does not see. `library` is libconctrace.so. */
void ct_doctor_calls(struct ct_doctor *doctor, const char *library, const char *const *files,
		     size_t count);

#endif
