#ifndef CT_MODEL_UNSEEN_VALUES_H
#define CT_MODEL_UNSEEN_VALUES_H
/*
 * Values that pass from thread to thread without the trace knowing: code that is compiled for
 * recording calls functions that are not, and that read or write memory, files or a state of their
 * own (atoi, bsearch, getenv, access, the lists and maps of libstdc++.so). Under a lock such a
 * value may be what made a thread do what it did next. So another order of the locks than the
 * recorded one is certain only where no such function is called.
 */
#include "model/model.h"

/* The name of such a function that an instrumented module of the trace imports, or the path of a
 * module that cannot be looked into; NULL: there is none. Borrowed from the model; the files are
 * looked into once. */
const char *ct_unseen_values(const struct ct_model *model);

/* Whether each value that could have decided what a thread did is in the trace. */
bool ct_values_are_known(const struct ct_model *model);

/* Whether a function passes nothing on but what is recorded, by its name in a symbol table. */
bool ct_passes_seen_values(const char *function);

#endif
