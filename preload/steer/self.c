#include "steer/self.h"

#include <fcntl.h>

#include "record/process.h"
#include "record/recorder.h"
#include "sys/kernel.h"

#define CREATED 1024u /* threads that were created and have not passed a sync point yet */
#define COMMAND_SIZE 1024u

/* What their creators say of them; overwritten when there are more. */
static struct {
	uint64_t id; /* process number << 32 | thread number; written last */
	uint64_t path;
	uint32_t position;
} created[CREATED];

static __thread struct ct_steer_self self __attribute__((tls_model("initial-exec")));

static uint64_t *main_path(struct ct_steer *steer, uint32_t process)
{
	return &steer->main_path[process % CT_PROCESS_SLOTS];
}

/* As ct_defs_process() writes it. */
static uint64_t command_hash(void)
{
	char text[COMMAND_SIZE + 1];
	int fd = ct_sys_open("/proc/self/cmdline", O_RDONLY, 0);
	long n = fd < 0 ? 0 : ct_sys_read(fd, text, COMMAND_SIZE);

	if (fd >= 0)
		ct_sys_close(fd);
	if (n < 0)
		n = 0;
	for (long i = 0; i + 1 < n; i++)
		if (!text[i])
			text[i] = ' ';
	text[n] = '\0';
	return ct_plan_command(text);
}

void ct_steer_begin_image(struct ct_steer *steer)
{
	const struct ct_process *process = ct_state.process;
	uint64_t path = CT_PLAN_ROOT;

	if (process->parent && *main_path(steer, process->parent))
		path = *main_path(steer, process->parent);
	if (process->parent || process->image)
		path = ct_plan_path(path, CT_PLAN_STEP_IMAGE, command_hash());
	*main_path(steer, process->number) = path;
}

static void note_created(uint32_t process, uint32_t number, uint32_t position)
{
	uint32_t at = number % CREATED;

	__atomic_store_n(&created[at].id, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&created[at].path, ct_plan_path(self.path, CT_PLAN_STEP_THREAD, position),
			 __ATOMIC_RELEASE);
	created[at].position = position;
	__atomic_store_n(&created[at].id, (uint64_t)process << 32 | number, __ATOMIC_RELEASE);
}

/* Its creator's word, or else the process's: it was created unseen. */
static void find_thread(struct ct_steer *steer, uint32_t process, uint32_t number)
{
	uint32_t at = number % CREATED;

	if (__atomic_load_n(&created[at].id, __ATOMIC_ACQUIRE) ==
	    ((uint64_t)process << 32 | number)) {
		self.path = created[at].path;
		self.position = created[at].position;
	} else {
		self.path = ct_plan_path(*main_path(steer, process), CT_PLAN_STEP_STRANGER, 0);
	}
}

/* In a thread's first sync point, and in that of the thread of a forked process. */
static void begin(struct ct_steer *steer, uint32_t process, uint32_t number)
{
	struct ct_steer_self maker = self;

	self = (struct ct_steer_self){.process = process, .handler = maker.handler};
	if (maker.process) {
		self.path = ct_plan_path(maker.path, CT_PLAN_STEP_FORK, maker.forks);
		self.position = maker.forks;
		self.taken = maker.taken;
		*main_path(steer, process) = self.path;
	} else if (number == 1) {
		self.path = *main_path(steer, process);
	} else {
		find_thread(steer, process, number);
	}
}

/* One that was jumped out of has a frame that is no longer below ours: on another stack than the
 * thread's own while we are on that, or under it. */
static bool in_handler(uintptr_t sp)
{
	const struct ct_recorder *r = ct_self;
	bool own_stack = sp >= r->stack_low && sp < r->stack_high;
	bool began_there = self.handler >= r->stack_low && self.handler < r->stack_high;

	if (!self.handler)
		return false;
	if (own_stack && (!began_there || sp > self.handler))
		self.handler = 0;
	return self.handler;
}

static void note_handler(const struct ct_steer_point *point)
{
	if (point->effect == CT_EFFECT_HANDLER_ENTER && !in_handler(point->sp))
		self.handler = point->sp;
	else if (point->effect == CT_EFFECT_HANDLER_LEAVE && self.handler == point->sp)
		self.handler = 0;
}

/* All that the trace has as well, so that the numbers agree. */
static void note_made(const struct ct_steer_point *point)
{
	if (point->effect == CT_EFFECT_THREAD_CREATE)
		note_created(self.process, (uint32_t)point->object, ++self.threads);
	else if (point->effect == CT_EFFECT_FORK || point->effect == CT_EFFECT_SYSTEM)
		self.forks++;
}

struct ct_steer_self *ct_steer_self_at(struct ct_steer *steer, struct ct_steer_point *point)
{
	bool handles = point->effect == CT_EFFECT_HANDLER_ENTER ||
		       point->effect == CT_EFFECT_HANDLER_LEAVE;
	const struct ct_process *process;
	struct ct_recorder *r;
	uint32_t number;
	uint64_t id;

	if (handles) {
		note_handler(point);
		return NULL;
	}
	r = ct_recorder_enter(CT_SIZE_ANY);
	if (!r)
		return NULL;
	process = r->process;
	number = r->number;
	id = (uint64_t)process->number << 32 | r->tid;
	point->held = r->live->held_count;
	ct_recorder_leave(r);
	if (process != ct_state.process) /* a vfork child has its parent's thread-local storage */
		return NULL;
	if (self.process != process->number)
		begin(steer, process->number, number);
	self.id = id;
	note_made(point);
	if (in_handler(point->sp))
		return NULL;
	self.index++;
	return &self;
}
