#include "detect/atomicity_pairs.h"

/* "main.c:12 worker", in the symbolizer's or the trace's words; NULL: not known. */
static enum ct_status text_of(struct ct_places *places, uint32_t process, uint32_t stack,
			      const char **out_text)
{
	const struct ct_trace_stack *known = ct_trace_stack(places->trace, process, stack);
	const struct ct_frame *frames;
	enum ct_status status = CT_OK;

	*out_text = known ? known->text_location : NULL;
	if (!known || known->text_location)
		return CT_OK;
	if (!places->symbols)
		status = ct_symbols_new(places->trace, &places->symbols);
	if (status || !ct_symbols_stack(places->symbols, process, stack, &frames) ||
	    !frames[0].file || !frames[0].line)
		return status;
	*out_text = ct_arena_printf(&places->arena, "%s:%d %s", frames[0].file, frames[0].line,
				    frames[0].function ? frames[0].function : "");
	return *out_text ? CT_OK : CT_ENOMEM;
}

enum ct_status ct_places_number(struct ct_places *places, uint32_t process, uint32_t stack,
				uint32_t *out_number)
{
	uint64_t key = (uint64_t)process << 32 | stack, value;
	const char *text;
	enum ct_status status;
	uint32_t id = 0;

	if (ct_map_get(&places->known, key, &value)) {
		*out_number = (uint32_t)value;
		return CT_OK;
	}
	status = text_of(places, process, stack, &text);
	if (status == CT_OK && text)
		status = ct_names_intern(&places->names, text, &id);
	if (status)
		return status;
	*out_number = text ? id + 1 : 0;
	return ct_map_put(&places->known, key, *out_number);
}
