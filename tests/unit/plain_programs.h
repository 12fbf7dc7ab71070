#ifndef CT_TEST_PLAIN_PROGRAMS_H
#define CT_TEST_PLAIN_PROGRAMS_H
/*
 * Programs of which test_plain.c judges each access. The name of a function says what is expected:
 * write_... one is proven, with debug information; copy_... a read is, and is asked for, if DWARF
 * tells what is atomic; read_... the same, in code that is not optimised; ahead_... only there is
 * the read asked for; change_... one is proven, of gcc without debug information too, if it is one
 * instruction; mixed_... only in code that is not optimised; all others none.
 * Of two that are the same one, said_... and, if DWARF tells what is atomic, typed_... say that
 * they are atomic, told_... do not. atomic_... are of atomic memory, if DWARF tells.
 */

extern const char ct_plain_c[];
extern const char ct_plain_header[]; /* "hidden.h", for the one of C */
extern const char ct_plain_cpp[];

#endif
