#ifndef CT_DETECT_HANDLER_SAME_H
#define CT_DETECT_HANDLER_SAME_H
/*
 * What is the same over the processes of a program, be they forked or started anew: numbers that
 * are equal then. Only as sure as a hash.
 */
#include "model/model.h"
#include "model/symbols_modules.h"

/* What an address means in a process at that time: a place in a file, or itself. */
uint64_t ct_same_address(const struct ct_modules *modules, const struct ct_process *process,
			 uint64_t address, uint64_t time);
/* An object, or a copy of it in a forked child. */
uint64_t ct_same_object(const struct ct_modules *modules, const struct ct_object *object);
/* The program that the process runs, whatever its arguments. */
uint64_t ct_same_program(const struct ct_process *process);

#endif
