#include "detect/race_side.h"

struct ct_place ct_race_place(const struct ct_thread *thread, uint32_t stack, uint64_t time)
{
	return (struct ct_place){
		.thread = thread, .process = thread->process->number, .stack = stack, .time = time};
}

enum ct_status ct_race_side_hold(struct ct_race_side *side, struct ct_arena *arena,
				 const struct ct_lockset *held)
{
	const struct ct_object **locks =
		ct_arena_calloc(arena, held->count, sizeof(struct ct_object *));
	enum ct_mode *modes = ct_arena_calloc(arena, held->count, sizeof(*modes));
	struct ct_place *taken_at = ct_arena_calloc(arena, held->count, sizeof(*taken_at));

	if (!locks || !modes || !taken_at)
		return CT_ENOMEM;
	for (size_t i = 0; i < held->count; i++) {
		locks[i] = held->items[i].lock;
		modes[i] = held->items[i].mode;
		taken_at[i] = ct_race_place(side->place.thread, held->items[i].stack,
					    held->items[i].since);
	}
	side->locks = locks;
	side->modes = modes;
	side->taken_at = taken_at;
	side->lock_count = held->count;
	return CT_OK;
}
