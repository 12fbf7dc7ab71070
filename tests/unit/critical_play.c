#include "critical_play.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/vec.h"

static uint32_t pick(struct play *play, uint32_t below)
{
	play->seed = play->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(play->seed >> 33) % below;
}

static void say(struct play *play, size_t thread, uint16_t event, uint16_t flags, uint64_t object)
{
	fake_event(play->fake, thread, play->now, event, flags, object, 0);
}

static void end_hold(struct play *play, size_t thread)
{
	struct actor *actor = &play->actors[thread];

	assert_int_equal(ct_vec_grow(&play->holds, &play->hold_cap, play->hold_count + 1,
				     sizeof(*play->holds)),
			 CT_OK);
	play->holds[play->hold_count++] =
		(struct hold){thread, actor->locked - 1, actor->locked_at, play->now};
	play->owners[actor->locked - 1] = 0;
	actor->locked = 0;
}

/* The first that waits for the object has it now; it shows when it runs again. */
static bool wake(struct play *play, int state, int object)
{
	for (size_t t = 0; t < THREADS; t++) {
		struct actor *actor = &play->actors[t];

		if ((int)actor->state != state || actor->object != object)
			continue;
		if (state == WAITS_LOCK)
			play->owners[object] = (int)t + 1;
		actor->locked = state == WAITS_LOCK ? object + 1 : actor->locked;
		actor->state = WOKEN;
		return true;
	}
	return false;
}

static void wait_for(struct play *play, size_t thread, uint16_t call, int state, int object,
		     uint32_t address)
{
	struct actor *actor = &play->actors[thread];

	say(play, thread, call, CT_F_REQUEST, address);
	*actor = (struct actor){.state = state,
				.object = object,
				.woken = call,
				.address = address,
				.born = actor->born,
				.locked = actor->locked,
				.locked_at = actor->locked_at};
}

static void come_to_barrier(struct play *play, size_t thread)
{
	bool last = wake(play, WAITS_BARRIER, 0);

	wait_for(play, thread, CT_EV_BARRIER_WAIT, last ? WOKEN : WAITS_BARRIER, 0, BARRIER);
}

static void create_next(struct play *play, size_t thread)
{
	for (size_t t = 1; t < THREADS; t++) {
		if (play->actors[t].state != UNBORN)
			continue;
		fake_event(play->fake, thread, play->now, CT_EV_THREAD_CREATE, 0, t + 1, 0);
		play->actors[t].born = play->now;
		play->actors[t].state = RUNS_ON;
		play->now += TICK * (1 + pick(play, 5));
		fake_start(play->fake, t, play->now, t + 1, (uint32_t)thread + 1);
		return;
	}
}

static void take_lock(struct play *play, size_t thread, int lock)
{
	struct actor *actor = &play->actors[thread];

	if (actor->locked) {
		int given = actor->locked - 1;

		say(play, thread, CT_EV_MUTEX_UNLOCK, 0, LOCK(given));
		end_hold(play, thread);
		wake(play, WAITS_LOCK, given);
		return;
	}
	if (play->owners[lock]) {
		wait_for(play, thread, CT_EV_MUTEX_LOCK, WAITS_LOCK, lock, LOCK(lock));
		return;
	}
	say(play, thread, CT_EV_MUTEX_LOCK, 0, LOCK(lock));
	play->owners[lock] = (int)thread + 1;
	actor->locked = lock + 1;
	actor->locked_at = play->now;
}

static void use_semaphore(struct play *play, size_t thread, int semaphore, bool post)
{
	if (post) {
		say(play, thread, CT_EV_SEM_POST, 0, SEM(semaphore));
		if (!wake(play, WAITS_SEM, semaphore))
			play->units[semaphore]++;
	} else if (play->units[semaphore]) {
		say(play, thread, CT_EV_SEM_WAIT, 0, SEM(semaphore));
		play->units[semaphore]--;
	} else {
		wait_for(play, thread, CT_EV_SEM_WAIT, WAITS_SEM, semaphore, SEM(semaphore));
	}
}

/* One step of a thread that can go on. */
static void act(struct play *play, size_t thread)
{
	struct actor *actor = &play->actors[thread];
	int object = (int)pick(play, SEMAPHORES);

	if (actor->state == SLEEPS) {
		say(play, thread, CT_EV_SLEEP, CT_F_BLOCKED, 0);
		actor->state = RUNS_ON;
		return;
	}
	if (actor->state == WOKEN) {
		say(play, thread, actor->woken, CT_F_BLOCKED, actor->address);
		if (actor->woken == CT_EV_MUTEX_LOCK)
			actor->locked_at = play->now;
		actor->state = RUNS_ON;
		return;
	}
	switch (pick(play, 11)) {
	case 0:
		create_next(play, thread);
		return;
	case 1:
		say(play, thread, CT_EV_SLEEP, CT_F_REQUEST, 0);
		actor->state = SLEEPS;
		return;
	case 2:
	case 3:
	case 4:
		use_semaphore(play, thread, object, true);
		return;
	case 5:
	case 6:
		/* who sleeps on a semaphore with a lock may stop all others */
		if (!actor->locked)
			use_semaphore(play, thread, object, false);
		return;
	case 7:
		if (!actor->locked)
			come_to_barrier(play, thread);
		return;
	default:
		take_lock(play, thread, (int)pick(play, LOCKS));
		return;
	}
}

static bool can_act(const struct actor *actor)
{
	return actor->state == RUNS_ON || actor->state == SLEEPS || actor->state == WOKEN;
}

/* Where all wait for each other, a signal ends the wait of one: nobody of the program did. */
static void go_on(struct play *play, size_t thread)
{
	struct actor *actor = &play->actors[thread];

	for (size_t t = 0; t < THREADS; t++)
		if (can_act(&play->actors[t]))
			return;
	if (actor->state != WAITS_SEM)
		return;
	fake_fail(play->fake, thread, play->now, CT_EV_SEM_WAIT, SEM(actor->object), 4);
	actor->state = RUNS_ON;
}

void play_perform(struct play *play, unsigned steps)
{
	play->fake = fake_new();
	for (uint32_t t = 1; t <= THREADS; t++)
		fake_thread(play->fake, 1, t);
	play->actors[0].state = RUNS_ON;
	play->now = TICK;
	fake_event(play->fake, 0, play->now, CT_EV_BARRIER_INIT, 0, BARRIER, 2);
	for (unsigned i = 0; i < steps; i++) {
		size_t thread = pick(play, THREADS);

		play->now += TICK * (1 + pick(play, 20));
		if (can_act(&play->actors[thread]))
			act(play, thread);
		else
			go_on(play, thread);
	}
	/* the last event is one of a thread that runs */
	for (size_t t = THREADS; t-- > 0;) {
		play->now += TICK;
		if (can_act(&play->actors[t]))
			act(play, t);
	}
	for (size_t t = 0; t < THREADS; t++) {
		if (!play->actors[t].locked || play->actors[t].state == WOKEN)
			continue;
		end_hold(play, t);
		play->holds[play->hold_count - 1].to = UINT64_MAX;
	}
}
