#include "model/caught.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/vec.h"
#include "model/access.h"
#include "model/code_place.h"
#include "model/lockset.h"
#include "model/maps.h"

/* Numbers that are kept, and pairs: the recorder makes some thousand at most. */
enum { MEETINGS_MAX = 1 << 18, PAIRS_MAX = 1 << 16 };

/* What both sides of a meeting have in common: a byte of some memory, whatever its address. */
struct spot {
	const void *memory; /* the mapping's, or the process whose own it is */
	uint32_t image;	    /* of that process */
	uint64_t start;
	uint32_t size;
};

/* The side of a meeting that came first, until the other one is there. */
struct waiting {
	struct ct_caught_side side;
	struct spot spot;
};

struct ct_caught {
	const struct ct_model *model;
	struct ct_locksets locksets;
	struct ct_code_places places;
	struct ct_map meetings; /* number: index in `waiting`, or DONE */
	struct ct_map pair_of;	/* two places: index */
	struct waiting *waiting;
	size_t waiting_count, waiting_cap;
	struct ct_caught_pair *pairs;
	size_t pair_count, pair_cap;
	bool given_up;
};

#define DONE UINT64_MAX

enum ct_status ct_caught_new(const struct ct_model *model, struct ct_caught **out_caught)
{
	struct ct_caught *caught = calloc(1, sizeof(*caught));

	if (!caught)
		return CT_ENOMEM;
	caught->model = model;
	ct_code_places_init(&caught->places, model->trace);
	ct_map_init(&caught->meetings);
	ct_map_init(&caught->pair_of);
	if (ct_locksets_init(&caught->locksets) != CT_OK) {
		ct_caught_free(caught);
		return CT_ENOMEM;
	}
	*out_caught = caught;
	return CT_OK;
}

void ct_caught_free(struct ct_caught *caught)
{
	if (!caught)
		return;
	ct_locksets_fini(&caught->locksets);
	ct_code_places_fini(&caught->places);
	ct_map_fini(&caught->meetings);
	ct_map_fini(&caught->pair_of);
	free(caught->waiting);
	free(caught->pairs);
	free(caught);
}

/* The child of a vfork is in its parent's memory. */
static const struct ct_process *memory_owner(const struct ct_process *process)
{
	while (ct_process_state(process)->borrows && process->parent)
		process = process->parent;
	return process;
}

static struct spot spot_of(const struct ct_caught_side *side)
{
	const struct ct_process_state *process = ct_process_state(side->thread->process);
	const struct ct_mapping *mapping = ct_maps_find(process, side->address);
	const struct ct_process *owner;
	struct spot spot = {.start = side->address, .size = side->size ? side->size : 1};

	if (mapping) {
		spot.memory = mapping->memory;
		spot.start = mapping->offset + (side->address - mapping->start);
		return spot;
	}
	owner = memory_owner(&process->process);
	spot.memory = owner;
	spot.image = ct_process_state(owner)->image;
	return spot;
}

/* Whether there is a byte of both; the first one, from the begin of `a` on. */
static bool overlap(const struct spot *a, const struct spot *b, uint64_t *out_offset)
{
	if (a->memory != b->memory || a->image != b->image)
		return false;
	*out_offset = b->start >= a->start ? b->start - a->start : 0;
	return b->start >= a->start ? b->start - a->start < a->size : a->start - b->start < b->size;
}

/* Two threads at once, and a conflict. A lock that excludes one of them shows that the record is
 * wrong somewhere. */
static enum ct_status is_race(struct ct_caught *caught, const struct ct_caught_side *a,
			      const struct ct_caught_side *b, bool *out)
{
	bool excluded = false;
	enum ct_status status = CT_OK;

	*out = a->thread != b->thread && (a->how == CT_CAUGHT_HELD || b->how == CT_CAUGHT_HELD) &&
	       (a->kind | b->kind) & CT_ACCESS_WRITE && !(a->kind & b->kind & CT_CAUGHT_LOCKED);
	if (*out)
		status = ct_locksets_exclude(&caught->locksets, a->lockset, b->lockset, &excluded);
	*out = *out && !excluded;
	return status;
}

/* What is done at one place is one thing, but for reads and writes. */
static enum ct_status number_of(struct ct_caught *caught, const struct ct_caught_side *side,
				uint32_t *out_number)
{
	uint64_t place;
	enum ct_status status = ct_code_place(&caught->places, side->thread, side->stack, &place);

	if (status == CT_OK)
		*out_number = (uint32_t)place << 1 | !!(side->kind & CT_ACCESS_WRITE);
	return status;
}

static enum ct_status pair_of(struct ct_caught *caught, const struct ct_caught_side *a,
			      const struct ct_caught_side *b, struct ct_caught_pair **out_pair)
{
	uint32_t first, second;
	uint64_t key, at;
	enum ct_status status = number_of(caught, a, &first);

	if (status == CT_OK)
		status = number_of(caught, b, &second);
	if (status)
		return status;
	key = first < second ? (uint64_t)first << 32 | second : (uint64_t)second << 32 | first;
	if (ct_map_get(&caught->pair_of, key, &at)) {
		*out_pair = &caught->pairs[at];
		return CT_OK;
	}
	*out_pair = NULL;
	if (caught->pair_count >= PAIRS_MAX) {
		caught->given_up = true;
		return CT_OK;
	}
	status = ct_vec_grow(&caught->pairs, &caught->pair_cap, caught->pair_count + 1,
			     sizeof(*caught->pairs));
	if (status == CT_OK)
		status = ct_map_put(&caught->pair_of, key, caught->pair_count);
	if (status)
		return status;
	*out_pair = &caught->pairs[caught->pair_count++];
	**out_pair = (struct ct_caught_pair){0};
	return CT_OK;
}

static bool shows_change(const struct ct_caught_side *side)
{
	return side->how == CT_CAUGHT_HELD && side->before != side->after;
}

/* The meeting that is shown is the first one in which the value changed, else the first one. */
static enum ct_status add_meeting(struct ct_caught *caught, const struct ct_caught_side *first,
				  const struct ct_caught_side *second, uint64_t address)
{
	struct ct_caught_pair *pair;
	enum ct_status status = pair_of(caught, first, second, &pair);

	if (status || !pair)
		return status;
	if (!pair->count++ || (shows_change(first) && !shows_change(&pair->sides[0]))) {
		pair->sides[0] = *first;
		pair->sides[1] = *second;
		pair->address = address;
		pair->stack_owner =
			ct_model_stack_owner(caught->model, first->thread->process, address);
	}
	return CT_OK;
}

static enum ct_status meet(struct ct_caught *caught, const struct waiting *a,
			   const struct waiting *b)
{
	uint64_t offset;
	bool race;
	enum ct_status status = is_race(caught, &a->side, &b->side, &race);

	if (b->side.how == CT_CAUGHT_HELD && a->side.how != CT_CAUGHT_HELD) {
		const struct waiting *held = b;

		b = a;
		a = held;
	}
	if (status || !race || !overlap(&a->spot, &b->spot, &offset))
		return status;
	return add_meeting(caught, &a->side, &b->side, a->side.address + offset);
}

static bool read_side(const struct ct_step *step, struct ct_caught_side *out, uint64_t *out_number)
{
	struct ct_payload_caught told;

	if (step->record->payload_size < sizeof(told))
		return false;
	memcpy(&told, step->record->payload, sizeof(told));
	*out = (struct ct_caught_side){
		.thread = step->thread,
		.stack = step->record->stack,
		.time = step->record->time,
		.address = told.object,
		.size = told.size,
		.kind = told.kind &
			(CT_ACCESS_READ | CT_ACCESS_WRITE | CT_CAUGHT_LOCKED | CT_CAUGHT_LIBRARY),
		.how = told.how,
	};
	if (told.how == CT_CAUGHT_HELD) {
		out->before = told.before;
		out->after = told.after;
	}
	*out_number = told.number;
	return out->kind & (CT_ACCESS_READ | CT_ACCESS_WRITE);
}

/* The first side of a meeting that is heard of. */
static enum ct_status keep(struct ct_caught *caught, const struct waiting *side, uint64_t number)
{
	enum ct_status status;

	if (caught->waiting_count >= MEETINGS_MAX) {
		caught->given_up = true;
		return CT_OK;
	}
	status = ct_vec_grow(&caught->waiting, &caught->waiting_cap, caught->waiting_count + 1,
			     sizeof(*caught->waiting));
	if (status == CT_OK)
		status = ct_map_put(&caught->meetings, number, caught->waiting_count);
	if (status == CT_OK)
		caught->waiting[caught->waiting_count++] = *side;
	return status;
}

enum ct_status ct_caught_step(struct ct_caught *caught, const struct ct_step *step)
{
	struct waiting side = {0};
	uint64_t number, at;
	enum ct_status status;

	if (step->effect != CT_EFFECT_CAUGHT || !read_side(step, &side.side, &number))
		return CT_OK;
	status = ct_lockset_of(&caught->locksets, step->thread, 0, &side.side.lockset);
	if (status)
		return status;
	side.spot = spot_of(&side.side);
	if (!ct_map_get(&caught->meetings, number, &at))
		return keep(caught, &side, number);
	if (at == DONE) /* two meet, not three */
		return CT_OK;
	status = ct_map_put(&caught->meetings, number, DONE);
	return status ? status : meet(caught, &caught->waiting[at], &side);
}

const struct ct_caught_pair *ct_caught_pairs(const struct ct_caught *caught, size_t *out_count)
{
	*out_count = caught->pair_count;
	return caught->pairs;
}

const struct ct_lockset *ct_caught_lockset(const struct ct_caught *caught, uint32_t lockset)
{
	return &caught->locksets.sets[lockset];
}

bool ct_caught_given_up(const struct ct_caught *caught)
{
	return caught->given_up;
}
