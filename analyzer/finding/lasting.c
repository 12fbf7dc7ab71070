#include "finding/lasting.h"

#include "base/text.h"
#include "finding/race.h"
#include "model/model.h"
#include "model/symbols.h"

const char *ct_lasting_object(struct ct_symbols *symbols, const struct ct_object *object)
{
	const struct ct_process *home = object->process;

	if (ct_kind_is_kernel(object->kind))
		return NULL;
	if (object->given_name)
		return object->given_name;
	if (!home && object->creator)
		home = object->creator->process;
	if (!symbols || !home)
		return NULL;
	return ct_symbols_variable(symbols, home->number, object->address, object->time);
}

void ct_lasting_name(struct ct_text *out, const char *name, const char *index)
{
	bool inside = false;

	for (; *name; name++) {
		inside = inside && *name != ']';
		if (!inside)
			ct_text_addc(out, *name);
		if (*name == '[' && !inside) {
			ct_text_add(out, index);
			inside = true;
		}
	}
}

bool ct_lasting_memory(struct ct_text *out, struct ct_symbols *symbols, const struct ct_race *race,
		       const char *index)
{
	const struct ct_place *place = &race->sides[0].place;
	struct ct_symbol_data data = {0};
	bool known = false;

	if (!symbols || race->stack_owner)
		return false;
	if (!race->block_size)
		known = ct_symbols_data(symbols, place->process, race->address, 1, place->time,
					&data);
	else if (race->allocated_at.stack)
		known = ct_symbols_block(symbols, race->allocated_at.process,
					 race->allocated_at.stack, race->block_size,
					 race->address - race->block_address, 1, &data);
	if (!known || !data.name)
		return false;
	ct_lasting_name(out, data.name, index);
	return true;
}
