#ifndef CT_CLI_DRAWING_H
#define CT_CLI_DRAWING_H
/*
 * The graphs of a trace, as DOT and through Graphviz as pictures.
 */
#include <stdbool.h>

#include "base/status.h"

struct ct_graph_kind;
struct ct_text;

/* Reads the trace and appends its graph as DOT. With out_damaged, which may be NULL, what could not
 * be read is said on stderr. */
CT_MUST_CHECK enum ct_status ct_drawing_dot(const char *trace_path,
					    const struct ct_graph_kind *kind, struct ct_text *out,
					    bool *out_damaged, struct ct_error *error);

/* Runs `dot` on it; `format` is one of its -T formats, `file` "-" for standard output. */
CT_MUST_CHECK enum ct_status ct_drawing_render(const struct ct_text *dot, const char *format,
					       const char *file, struct ct_error *error);

#endif
