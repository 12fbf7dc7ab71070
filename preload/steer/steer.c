#include "steer/steer.h"

#include <fcntl.h>

#include "record/process.h"
#include "steer/delay.h"
#include "steer/self.h"
#include "steer/site.h"
#include "steer/stand.h"
#include "sys/kernel.h"
#include "sys/line.h"

static struct ct_steer *steer; /* NULL: the run is not steered */
static bool planned, delays;   /* what is done, for `seed` */
static uint64_t seed;

static struct ct_steer *map(int flags)
{
	char path[CT_PATH_SIZE];
	struct ct_steer *mapped = NULL;
	struct ct_line line;
	struct stat info;
	int fd;

	ct_line_init(&line, path, sizeof(path));
	ct_line_add(&line, ct_state.folder);
	ct_line_add(&line, CT_STEER_FILE);
	fd = line.cut ? -1 : ct_sys_open(path, O_RDWR | O_NOFOLLOW | flags, 0600);
	if (fd < 0)
		return NULL;
	if ((flags & O_CREAT
		     ? ct_sys_reserve(fd, sizeof(*mapped)) == 0
		     : ct_sys_fstat(fd, &info) == 0 && (size_t)info.st_size >= sizeof(*mapped)))
		mapped = ct_sys_map(fd, sizeof(*mapped));
	ct_sys_close(fd);
	return mapped;
}

static void read_plan(struct ct_steer *out)
{
	int fd = ct_sys_open(ct_state.settings.steer, O_RDONLY, 0);
	bool whole;
	char more;

	if (fd < 0)
		return;
	whole = ct_sys_read(fd, &out->plan, sizeof(out->plan)) == (long)sizeof(out->plan) &&
		ct_sys_read(fd, &more, 1) == 0;
	ct_sys_close(fd);
	if (whole && ct_stand_plan_is_good(&out->plan))
		out->outcome = CT_STEER_WAITING;
}

/* By the first process of the run, before its program begins. */
static struct ct_steer *make(void)
{
	struct ct_steer *made = map(O_CREAT | O_EXCL);

	if (!made)
		return NULL;
	made->perturb = ct_state.settings.perturb;
	made->seed = ct_state.settings.perturb_seed;
	if (*ct_state.settings.steer)
		read_plan(made);
	made->version = CT_PLAN_VERSION;
	__atomic_store_n(&made->magic, CT_STEER_MAGIC, __ATOMIC_RELEASE);
	return made;
}

bool ct_steer_start(void)
{
	struct ct_steer *shared = NULL;

	if (ct_state.settings.perturb || *ct_state.settings.steer)
		shared = make();
	if (!shared)
		shared = map(0);
	if (!shared)
		return false;
	if (shared->magic != CT_STEER_MAGIC || shared->version != CT_PLAN_VERSION) {
		ct_sys_unmap(shared, sizeof(*shared));
		return false;
	}
	planned = shared->outcome != CT_STEER_OFF;
	delays = shared->perturb || (planned && shared->plan.mode == CT_PLAN_PAUSES);
	seed = shared->perturb ? shared->seed : shared->plan.seed;
	ct_site_init();
	ct_steer_begin_image(shared);
	steer = shared;
	return planned || delays;
}

static uint16_t effect_of(uint16_t event)
{
	static const uint16_t effects[] = {
#define EVENT(id, NAME, api, FAMILY, EFFECT, PAYLOAD, text) [id] = CT_EFFECT_##EFFECT,
#define DEFINE(id, NAME, api, PAYLOAD, text)
#include "format/events.def"
#undef EVENT
#undef DEFINE
	};

	return event < sizeof(effects) / sizeof(*effects) ? effects[event] : CT_EFFECT_NOTE;
}

void ct_steer_pass(uint16_t event, uint64_t object, uintptr_t pc, uintptr_t sp)
{
	struct ct_steer_point point = {
		.event = event, .effect = effect_of(event), .object = object, .pc = pc, .sp = sp};
	struct ct_steer_self *self = ct_steer_self_at(steer, &point);

	if (!self)
		return;
	if (delays)
		ct_steer_delay(seed, self, &point);
	if (!planned)
		return;
	__atomic_add_fetch(&steer->progress, 1, __ATOMIC_RELAXED);
	ct_stand_at(steer, self, &point);
}
