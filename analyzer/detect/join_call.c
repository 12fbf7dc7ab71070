#include "detect/join_call.h"

enum ct_effect ct_join_call_effect(uint16_t event)
{
	const struct ct_event_info *info = ct_event_info(event);

	return info ? info->effect : CT_EFFECT_NOTE;
}

static const char *verb_of(const struct ct_join_call *call)
{
	switch (ct_join_call_effect(call->event)) {
	case CT_EFFECT_THREAD_JOIN:
		return "joins";
	case CT_EFFECT_THREAD_DETACH:
		return "detaches";
	case CT_EFFECT_THREAD_CANCEL:
		return "cancels";
	default:
		return "sends a signal to";
	}
}

/* Of a place. */
static const char *does_it(const struct ct_join_call *call)
{
	switch (ct_join_call_effect(call->event)) {
	case CT_EFFECT_THREAD_JOIN:
		return "joins it";
	case CT_EFFECT_THREAD_DETACH:
		return "detaches it";
	case CT_EFFECT_THREAD_CANCEL:
		return "cancels it";
	default:
		return "sends it a signal";
	}
}

/* ", which main has joined already"; ", which detached itself" */
static const char *why_of(struct ct_arena *arena, const struct ct_join_call *call)
{
	const struct ct_join_owner *owner = &call->owner;
	const struct ct_thread *by = owner->deed.thread;

	switch (owner->fate) {
	case CT_FATE_LIVE:
		return ct_arena_printf(arena, "while %s does", owner->joining.thread->name);
	case CT_FATE_JOINED:
		if (by == call->caller)
			return "which it has joined already";
		return ct_arena_printf(arena, "which %s has joined already", by->name);
	case CT_FATE_DETACHED:
		if (by == owner->thread)
			return "which detached itself";
		if (by == call->caller)
			return "which it has detached";
		return ct_arena_printf(arena, "which %s has detached", by->name);
	default:
		return "which was created detached";
	}
}

static void add_places(struct ct_misuse *misuse, const struct ct_join_call *call)
{
	const struct ct_join_owner *owner = &call->owner;
	const struct ct_deed *deed = owner->fate == CT_FATE_LIVE ? &owner->joining : &owner->deed;

	ct_misuse_place(misuse, call->caller, call->deed.stack, call->deed.time, does_it(call));
	ct_misuse_place(misuse, deed->thread, deed->stack, deed->time,
			owner->fate == CT_FATE_LIVE	? "joins it, too"
			: owner->fate == CT_FATE_JOINED ? "joined it"
							: "detached it");
	if (owner->created.stack)
		ct_misuse_place(misuse, owner->created.thread, owner->created.stack,
				owner->created.time,
				owner->fate == CT_FATE_BORN_DETACHED ? "created it detached"
								     : "created it");
}

void ct_join_call_describe(const struct ct_join_call *call, struct ct_arena *arena,
			   struct ct_misuse *misuse)
{
	const struct ct_thread *thread = call->owner.thread;
	const char *why;

	if (call->owner.fate == CT_FATE_UNKNOWN) {
		misuse->headline = ct_arena_printf(
			arena, "%s joins no thread: the pthread_t is zero", call->caller->name);
		misuse->fix = "Join only the threads that were created.";
		add_places(misuse, call);
		return;
	}
	why = why_of(arena, call);
	misuse->headline = why ? ct_arena_printf(arena, "%s %s %s%s%s", call->caller->name,
						 verb_of(call), thread ? thread->name : "a thread",
						 call->owner.fate == CT_FATE_LIVE ? " " : ", ", why)
			       : NULL;
	add_places(misuse, call);
}
