#include "detect/causes.h"
#include "model/one_process.h"
#include "model/past.h"

static const char *verb_of(const struct ct_object *object)
{
	if (object->kind == CT_OBJECT_SEM)
		return "posts";
	return object->kind == CT_OBJECT_COND ? "signals" : "unlocks";
}

static enum ct_status say(const struct ct_cause *cause, const struct ct_deed *gift)
{
	const struct ct_thread *waiter = cause->waiter;
	const struct ct_object *object = waiter->wait.object;

	cause->finding->object = object;
	cause->finding->headline = ct_arena_printf(
		&cause->findings->arena,
		"%s waits %s " CT_ITS_OBJECT
		", and %s %s it: that does not reach from process to process, as it %s for the "
		"threads of one",
		waiter->name, object->kind == CT_OBJECT_COND ? "on" : "for", gift->thread->name,
		verb_of(object),
		ct_past_of(object)->initialised.thread ? "was initialised"
						       : "has a static initialiser,");
	return cause->finding->headline ? CT_OK : CT_ENOMEM;
}

enum ct_status ct_cause_shared(const struct ct_cause *cause)
{
	const struct ct_deed *gift = ct_gift_in_vain(cause->model, cause->waiter), *initialised;
	enum ct_status status;
	struct ct_place place;

	if (!gift)
		return CT_OK;
	status = say(cause, gift);
	if (status)
		return status;
	place = ct_hang_place(gift->thread, gift->stack, gift->time);
	place.text =
		ct_arena_printf(&cause->findings->arena, "%s it", verb_of(cause->finding->object));
	if (!place.text)
		return CT_ENOMEM;
	status = ct_hang_add_place(cause->findings, cause->finding, place);
	initialised = &ct_past_of(cause->finding->object)->initialised;
	if (status || !initialised->thread || !initialised->stack)
		return status;
	place = ct_hang_place(initialised->thread, initialised->stack, initialised->time);
	place.text = "initialised it";
	return ct_hang_add_place(cause->findings, cause->finding, place);
}
