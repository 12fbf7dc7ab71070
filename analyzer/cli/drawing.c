#include "cli/drawing.h"

#include "base/text.h"
#include "cli/analysis.h"
#include "graph/dot.h"
#include "graph/graph.h"
#include "model/model.h"
#include "model/names.h"
#include "model/symbols.h"
#include "reader/reader.h"
#include "report/graphs.h"

static enum ct_status build(struct ct_trace *trace, struct ct_symbols *symbols,
			    const struct ct_graph_kind *kind, struct ct_text *out,
			    struct ct_error *error)
{
	struct ct_naming naming;
	struct ct_model *model;
	struct ct_graph graph;
	enum ct_status status = ct_model_new(trace, error, &model);

	if (status)
		return status;
	ct_naming_init(&naming, model, symbols);
	ct_graph_init(&graph);
	status = kind->build(model, &naming, &graph, error);
	if (status == CT_OK && ct_graph_to_dot(&graph, kind->title, out) != CT_OK)
		status = ct_error_set(error, CT_ENOMEM, "out of memory");
	ct_graph_fini(&graph);
	ct_naming_fini(&naming);
	ct_model_free(model);
	return status;
}

enum ct_status ct_drawing_dot(const char *trace_path, const struct ct_graph_kind *kind,
			      struct ct_text *out, bool *out_damaged, struct ct_error *error)
{
	struct ct_symbols *symbols = NULL;
	struct ct_trace *trace;
	enum ct_status status = ct_trace_open(trace_path, error, &trace);

	if (status)
		return status;
	status = ct_symbols_new(trace, &symbols);
	if (status)
		ct_error_set(error, status, "out of memory");
	else
		status = build(trace, symbols, kind, out, error);
	if (status == CT_OK && out_damaged)
		*out_damaged = ct_analysis_say_problems(trace);
	ct_symbols_free(symbols);
	ct_trace_free(trace);
	return status;
}
