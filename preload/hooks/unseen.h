#ifndef CT_HOOKS_UNSEEN_H
#define CT_HOOKS_UNSEEN_H
/*
 * Code whose calls are not seen: the trace names it and says why, once per process (the definition
 * UNSEEN). Nothing here changes what the program does; errno is kept.
 *
 * Pointers that the program hands to the kernel may be worth anything. They are read by the kernel,
 * or once it has said that they can be.
 */
#include <stdbool.h>

#include "format/ct_payload.h"

void ct_unseen(enum ct_unseen why, const char *code);

/* A program that is about to run, by its path from the folder that a descriptor is open on or
 * AT_FDCWD. False: there is no such program, as far as can be told. */
bool ct_unseen_program(int folder, const char *path, char *const envp[]);
/* The program that execvp would find. */
void ct_unseen_command(const char *file, char *const envp[]);
/* The program that a descriptor is open on. */
void ct_unseen_file(int fd, char *const envp[]);

#endif
