#ifndef CT_TESTS_TEXT_TRACE_H
#define CT_TESTS_TEXT_TRACE_H
/*
 * A text trace from a string, with one event per word: "T1:acq(a) T1:req(b)". The location of an
 * event is its number. Failures abort.
 */
#include "reader/reader.h"

struct ct_trace *text_trace(const char *events);

#endif
