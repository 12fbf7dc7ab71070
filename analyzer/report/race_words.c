#include "report/race_words.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "model/access.h"
#include "finding/stack.h"

static bool is(const struct ct_race_side *side, unsigned int kind)
{
	return side->kind & kind;
}

void ct_race_add_access(struct ct_text *out, const struct ct_naming *naming,
			const struct ct_race_side *side)
{
	ct_text_add(out, ct_race_verb(side));
	if (is(side, CT_ACCESS_FREE)) {
		ct_text_add(out, " the block");
		return;
	}
	if (naming->model->trace->text || !side->size)
		ct_text_add(out, " it");
	else
		ct_text_addf(out, " %" PRIu32 " byte%s", side->size, side->size == 1 ? "" : "s");
	if (is(side, CT_ACCESS_ATOMIC))
		ct_text_add(out, ", atomically");
	if (is(side, CT_ACCESS_VOLATILE))
		ct_text_add(out, ", as volatile");
	if (is(side, CT_ACCESS_VPTR))
		ct_text_add(out, ": the object's pointer to its virtual functions");
	if (is(side, CT_ACCESS_LIBC))
		ct_text_add(out, ", in a function of libc");
	if (is(side, CT_CAUGHT_LIBRARY))
		ct_text_add(out, ", in code that has no traps");
}

/* " in add (counter.c:12)", " at counter.c:12", or nothing. */
static void add_where(struct ct_text *out, struct ct_naming *naming, const struct ct_place *place)
{
	struct ct_shown_stack shown;

	ct_stack_shown(naming->symbols, place->process, place->stack, &shown);
	if (!shown.top || (!shown.top->function && !shown.top->file))
		return;
	if (shown.top->function)
		ct_text_addf(out, " in %s", shown.top->function);
	if (!shown.top->file)
		return;
	ct_text_addf(out, shown.top->function ? " (%s" : " at %s", ct_path_base(shown.top->file));
	if (shown.top->line)
		ct_text_addf(out, ":%d", shown.top->line);
	ct_text_add(out, shown.top->function ? ")" : "");
}

const char *ct_race_who(struct ct_naming *naming, const struct ct_race_side *side)
{
	return side->place.thread ? ct_name_thread(naming, side->place.thread) : "a thread";
}

static void add_act(struct ct_text *out, struct ct_naming *naming, const struct ct_race_side *side)
{
	ct_text_addf(out, "%s %s it", ct_race_who(naming, side), ct_race_verb(side));
	add_where(out, naming, &side->place);
}

static void add_lock(struct ct_text *out, struct ct_naming *naming, const struct ct_object *lock)
{
	ct_text_addf(out, "`%s`", lock ? ct_name_object_short(naming, lock) : "a lock");
}

/* "`balance` can change between check and use: T2 reads it in ..., gives `m` back and writes it
 * in ...; T3 writes it in ..." */
static void add_check_headline(struct ct_text *out, struct ct_naming *naming,
			       const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;

	ct_text_addf(out, " %s between check and use: ", race->in_run ? "changed" : "can change");
	add_act(out, naming, race->check);
	ct_text_add(out, ", gives ");
	add_lock(out, naming, race->lock);
	ct_text_addf(out, " back and then %s it", ct_race_verb(&race->sides[0]));
	add_where(out, naming, &race->sides[0].place);
	ct_text_add(out, "; between the two ");
	add_act(out, naming, &race->sides[1]);
}

static const char *order_words(const struct ct_finding *finding)
{
	if (finding->race->caught)
		return ", at the same time";
	if (finding->evidence == CT_POTENTIAL)
		return ", and nothing that was recorded orders them";
	return finding->race->in_run ? ", and nothing orders them"
				     : ", and only this run's order of locks kept them apart";
}

void ct_race_add_headline(struct ct_text *out, struct ct_naming *naming,
			  const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;
	struct ct_named_memory memory;

	ct_named_memory_find(naming, race, &memory);
	if (race->check) {
		ct_race_add_name(out, naming, &memory);
		add_check_headline(out, naming, finding);
		return;
	}
	ct_text_add(out, "data race on ");
	ct_race_add_name(out, naming, &memory);
	ct_text_add(out, ": ");
	add_act(out, naming, &race->sides[0]);
	ct_text_add(out, ", ");
	add_act(out, naming, &race->sides[1]);
	ct_text_add(out, order_words(finding));
}

static void add_held(struct ct_text *out, struct ct_naming *naming, const struct ct_race_side *side)
{
	ct_text_addf(out, "%s holds ", ct_race_who(naming, side));
	for (size_t i = 0; i < side->lock_count; i++) {
		if (i)
			ct_text_add(out, i + 1 == side->lock_count ? " and " : ", ");
		add_lock(out, naming, side->locks[i]);
		ct_text_add(out, side->modes[i] == CT_MODE_SHARED ? " (to read)" : "");
	}
	if (!side->lock_count)
		ct_text_add(out, "no lock");
}

/* A lock that both hold, then only to read; or NULL. */
static const struct ct_object *common_lock(const struct ct_race *race)
{
	const struct ct_race_side *a = &race->sides[0], *b = &race->sides[1];

	for (size_t i = 0; i < a->lock_count; i++)
		for (size_t k = 0; k < b->lock_count; k++)
			if (a->locks[i] == b->locks[k])
				return a->locks[i];
	return NULL;
}

static void add_missing_lock(struct ct_text *out, struct ct_naming *naming,
			     const struct ct_race *race)
{
	const struct ct_race_side *a = &race->sides[0], *b = &race->sides[1];
	const struct ct_object *common = common_lock(race);

	if (common) {
		ct_text_add(out, "both hold ");
		add_lock(out, naming, common);
		ct_text_add(out, " only to read, which lets both in");
		return;
	}
	if (!a->lock_count && !b->lock_count) {
		ct_text_add(out, "neither holds a lock");
		return;
	}
	add_held(out, naming, a);
	ct_text_add(out, ", ");
	add_held(out, naming, b);
	if (a->lock_count && b->lock_count)
		ct_text_add(out, ": different locks");
}

/* "write", "read", "update" */
static const char *act_of(const struct ct_race_side *side)
{
	if (is(side, CT_ACCESS_READ) && is(side, CT_ACCESS_WRITE))
		return "update";
	return is(side, CT_ACCESS_WRITE) ? "write" : "read";
}

/* How both were found at once. */
static void add_catch(struct ct_text *out, struct ct_naming *naming, const struct ct_race *race)
{
	const struct ct_race_side *held = &race->sides[race->held];
	const struct ct_race_side *other = &race->sides[!race->held];

	ct_text_addf(out, "; %s was about to %s it and was kept there for a moment, in which ",
		     ct_race_who(naming, held), act_of(held));
	if (other->how == CT_CAUGHT_WATCHED)
		ct_text_addf(out, "%s did %s it", ct_race_who(naming, other), act_of(other));
	else
		ct_text_addf(out, "%s came to %s it, too", ct_race_who(naming, other),
			     act_of(other));
}

void ct_race_add_why(struct ct_text *out, struct ct_naming *naming,
		     const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;

	if (race->check) {
		add_lock(out, naming, race->lock);
		ct_text_addf(out, " is held for the check and held for the use, but not from one "
				  "to the other");
		return;
	}
	add_missing_lock(out, naming, race);
	if (race->caught)
		add_catch(out, naming, race);
	else if (race->in_run)
		ct_text_add(out, "; and no join, signal, message or atomic operation of the run "
				 "puts one before the other");
	else
		ct_text_add(out, "; in this run one came before the other only because of who "
				 "took which lock first");
}

/* What a lock that only one side holds tells to do. */
static bool add_same_lock(struct ct_text *out, struct ct_naming *naming, const struct ct_race *race)
{
	const struct ct_race_side *with = &race->sides[0], *without = &race->sides[1];

	if (!with->lock_count) {
		with = &race->sides[1];
		without = &race->sides[0];
	}
	if (!with->lock_count || without->lock_count)
		return false;
	ct_text_add(out, "Hold ");
	add_lock(out, naming, with->locks[0]);
	ct_text_addf(out, " also where %s %s it", ct_race_who(naming, without),
		     ct_race_verb(without));
	add_where(out, naming, &without->place);
	ct_text_addc(out, '.');
	return true;
}

static bool add_lock_fix(struct ct_text *out, struct ct_naming *naming, const struct ct_race *race)
{
	const struct ct_object *common = common_lock(race);

	if (common) {
		ct_text_add(out, "Take ");
		add_lock(out, naming, common);
		ct_text_add(out, " to write where it is written.");
		return true;
	}
	if (add_same_lock(out, naming, race))
		return true;
	if (!race->sides[0].lock_count)
		return false;
	ct_text_add(out, "Use one lock for both: ");
	add_lock(out, naming, race->sides[0].locks[0]);
	ct_text_add(out, " or ");
	add_lock(out, naming, race->sides[1].locks[0]);
	ct_text_addc(out, '.');
	return true;
}

/* What the accesses themselves tell to do, or NULL. */
static const char *fix_of_kind(const struct ct_race *race, const struct ct_symbol_data *data)
{
	unsigned int any = race->sides[0].kind | race->sides[1].kind;
	unsigned int both = race->sides[0].kind & race->sides[1].kind;

	if (any & CT_ACCESS_FREE)
		return "Free the memory only when no other thread uses it any more: join them "
		       "before, or count who still refers to it.";
	if (any & CT_ACCESS_VPTR)
		return "The object is used while its constructor or destructor runs: start its "
		       "threads after construction, join them before destruction.";
	if (data->fields)
		return "These bit-fields share bytes, and writing one writes all of them: protect "
		       "them by one lock, or make them members of their own.";
	if ((any & CT_ACCESS_ATOMIC) && !(both & CT_ACCESS_ATOMIC))
		return "One side is atomic, the other is not: make both atomic.";
	return NULL;
}

/* What is to be said besides. */
static void add_hints(struct ct_text *out, struct ct_naming *naming,
		      const struct ct_named_memory *memory)
{
	const struct ct_race *race = memory->race;
	unsigned int any = race->sides[0].kind | race->sides[1].kind;

	if (any & CT_ACCESS_VOLATILE)
		ct_text_add(out, " volatile neither orders accesses nor makes them atomic: use "
				 "_Atomic (C) or std::atomic (C++) in its place, or a lock.");
	if (race->stack_owner && !memory->local_to)
		ct_text_addf(out,
			     " It lies on the stack of %s, where it is gone once its function "
			     "returns: let that wait for the others.",
			     ct_name_thread(naming, race->stack_owner));
	if (race->between_processes)
		ct_text_add(out, " A lock for several processes lies in shared memory and is "
				 "initialised as PTHREAD_PROCESS_SHARED.");
}

void ct_race_add_fix(struct ct_text *out, struct ct_naming *naming,
		     const struct ct_finding *finding)
{
	const struct ct_race *race = finding->race;
	struct ct_named_memory memory;
	const char *fix;

	if (race->check) {
		ct_text_add(out, "Hold ");
		add_lock(out, naming, race->lock);
		ct_text_add(out, " from the check to the use, or check again under the second "
				 "hold before acting.");
		return;
	}
	ct_named_memory_find(naming, race, &memory);
	fix = fix_of_kind(race, &memory.data);
	if (fix)
		ct_text_add(out, fix);
	else if (!add_lock_fix(out, naming, race))
		ct_text_add(out, finding->rule->help);
	add_hints(out, naming, &memory);
}
