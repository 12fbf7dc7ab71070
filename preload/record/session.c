#include "record/session.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/auxv.h>

#include "record/clock.h"
#include "record/metadata.h"
#include "record/process.h"
#include "record/start.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define SESSION_FILE "/" CT_LIVE_DIR "/session"

static bool session_path(char *buffer, const char *folder)
{
	struct ct_line line;

	ct_line_init(&line, buffer, CT_PATH_SIZE);
	ct_line_add(&line, folder);
	ct_line_add(&line, SESSION_FILE);
	return !line.cut;
}

static bool join(struct ct_state *state, const char *folder)
{
	char path[CT_PATH_SIZE];
	struct ct_session *session;
	struct ct_line line;
	struct stat info;
	int fd;

	if (!session_path(path, folder))
		return false;
	fd = ct_sys_open(path, O_RDWR, 0);
	if (fd < 0)
		return false;
	session = ct_sys_fstat(fd, &info) == 0 && (size_t)info.st_size >= sizeof(*session)
			  ? ct_sys_map(fd, sizeof(*session))
			  : NULL;
	ct_sys_close(fd);
	if (!session)
		return false;
	if (session->magic != CT_SESSION_MAGIC || session->version != CT_FORMAT_VERSION) {
		ct_sys_unmap(session, sizeof(*session));
		return false;
	}
	ct_line_init(&line, state->folder, sizeof(state->folder));
	ct_line_add(&line, folder);
	ct_clock_use((enum ct_clock)session->clock);
	state->session = session;
	return true;
}

static bool add_absolute(struct ct_line *line, const char *path)
{
	if (*path != '/') {
		char here[CT_PATH_SIZE];

		here[0] = '\0';
		if (CT_SYS(SYS_getcwd, here, sizeof(here), 0, 0, 0, 0) < 0 || here[0] != '/')
			return false;
		ct_line_add(line, here);
		ct_line_add_char(line, '/');
	}
	ct_line_add(line, path);
	return !line->cut;
}

/* mkdir -p of what has been written into the buffer so far. */
static void make_parents(char *path)
{
	for (char *at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		ct_sys_mkdir(path, 0777);
		*at = '/';
	}
	ct_sys_mkdir(path, 0777);
}

/* conctrace.PROG.PID, or with .2, .3 ... behind it where a former run had the same pid. */
static bool make_numbered(struct ct_line *line)
{
	char *base;

	ct_line_add(line, "/conctrace.");
	ct_line_add(line, program_invocation_short_name ? program_invocation_short_name : "prog");
	ct_line_add_char(line, '.');
	ct_line_add_u64(line, ct_sys_pid());
	base = line->at;
	for (uint64_t n = 2; n < 1000 && !line->cut; n++) {
		int error = ct_sys_mkdir(line->start, 0700);

		if (error != -EEXIST)
			return error == 0;
		line->at = base;
		ct_line_add_char(line, '.');
		ct_line_add_u64(line, n);
	}
	return false;
}

static bool make_folder(struct ct_state *state)
{
	const struct ct_settings *settings = &state->settings;
	struct ct_line line;
	int error;

	ct_line_init(&line, state->folder, sizeof(state->folder));
	if (!add_absolute(&line, settings->trace[0] ? settings->trace : settings->dir))
		return false;
	if (!settings->trace[0]) {
		make_parents(state->folder);
		if (!make_numbered(&line))
			return false;
	} else {
		error = ct_sys_mkdir(state->folder, 0700);
		if (error < 0 && error != -EEXIST)
			return false;
	}
	ct_line_add(&line, "/" CT_LIVE_DIR);
	error = ct_sys_mkdir(state->folder, 0700);
	line.at -= sizeof("/" CT_LIVE_DIR) - 1;
	*line.at = '\0';
	return error == 0 && !line.cut;
}

static struct ct_session *new_session(const char *folder)
{
	char path[CT_PATH_SIZE];
	struct ct_session *session = NULL;
	int fd;

	if (!session_path(path, folder))
		return NULL;
	fd = ct_sys_open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0)
		return NULL;
	if (ct_sys_reserve(fd, sizeof(*session)) == 0)
		session = ct_sys_map(fd, sizeof(*session));
	ct_sys_close(fd);
	return session;
}

static bool make(struct ct_state *state)
{
	const char *program = program_invocation_short_name;
	struct ct_clock_sample first;
	struct ct_session *session;

	ct_clock_sample(&first);
	if (!make_folder(state))
		return false;
	session = new_session(state->folder);
	if (!session)
		return false;
	ct_sys_random(session->uuid, sizeof(session->uuid));
	ct_clock_measure(&first, session);
	ct_clock_use((enum ct_clock)session->clock);
	session->begin = ct_clock_now();
	session->max_bytes = state->settings.max_bytes;
	session->stack_depth = state->settings.stack_depth;
	session->root_pid = ct_sys_pid();
	session->version = CT_FORMAT_VERSION;
	session->magic = CT_SESSION_MAGIC;
	if (!ct_metadata_write(state->folder, session, program ? program : "", &state->settings)) {
		ct_sys_unmap(session, sizeof(*session));
		return false;
	}
	ct_start_write(state->folder);
	state->session = session;
	return true;
}

bool ct_session_open(struct ct_state *state, const char *inherited)
{
	return inherited && *inherited ? join(state, inherited) : make(state);
}

/* Field 22 of /proc/PID/stat, in clock ticks since boot; 0 when it cannot be read. pid 0: self. */
static uint64_t start_time(uint32_t pid)
{
	char text[1024];
	const char *at = text;
	uint64_t value = 0;
	struct ct_line path;
	int fd;
	long n;

	ct_line_init(&path, text, sizeof(text));
	ct_line_add(&path, "/proc/");
	if (pid)
		ct_line_add_u64(&path, pid);
	else
		ct_line_add(&path, "self");
	ct_line_add(&path, "/stat");
	fd = ct_sys_open(text, O_RDONLY, 0);
	if (fd < 0)
		return 0;
	n = ct_sys_read(fd, text, sizeof(text) - 1);
	ct_sys_close(fd);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	for (const char *c = text; *c; c++)
		if (*c == ')')
			at = c; /* the name may contain blanks and parentheses */
	for (int blanks = 0; *at && blanks < 20; at++)
		blanks += *at == ' ';
	return ct_str_u64(&at, &value) ? value : 0;
}

static struct ct_process_slot *slot_at(struct ct_session *session, uint32_t pid, uint32_t n)
{
	return &session->slots[(pid * 2654435761u + n) % CT_PROCESS_SLOTS];
}

static struct ct_process_slot *find_slot(struct ct_session *session, uint32_t pid)
{
	for (uint32_t n = 0; n < CT_PROCESS_SLOTS; n++) {
		struct ct_process_slot *slot = slot_at(session, pid, n);

		if (slot->pid == pid && slot->start != CT_SLOT_ENDED)
			return slot;
		if (!slot->pid)
			return NULL;
	}
	return NULL;
}

static bool take_free(struct ct_process_slot *slot, uint32_t pid)
{
	uint32_t nobody = 0;

	return __atomic_compare_exchange_n(&slot->pid, &nobody, pid, false, __ATOMIC_ACQ_REL,
					   __ATOMIC_RELAXED);
}

static bool take_ended(struct ct_process_slot *slot, uint32_t pid)
{
	uint64_t ended = CT_SLOT_ENDED;

	if (!__atomic_compare_exchange_n(&slot->start, &ended, 0, false, __ATOMIC_ACQ_REL,
					 __ATOMIC_RELAXED))
		return false;
	__atomic_store_n(&slot->pid, pid, __ATOMIC_RELEASE);
	return true;
}

/* A slot for a pid that has none. The search for a pid ends at a free slot, so those of processes
 * that have ended are not freed but taken over. */
static struct ct_process_slot *claim_slot(struct ct_session *session, uint32_t pid)
{
	for (uint32_t n = 0; n < CT_PROCESS_SLOTS; n++) {
		struct ct_process_slot *slot = slot_at(session, pid, n);

		if (slot->pid ? take_ended(slot, pid) : take_free(slot, pid))
			return slot;
	}
	return NULL;
}

/* The kernel gives each image that exec makes other random bytes. They are the program's secret. */
static uint64_t image_key(void)
{
	const uint64_t *random = (const uint64_t *)getauxval(AT_RANDOM);

	return random ? random[0] ^ random[1] : 0;
}

bool ct_session_has_image(struct ct_session *session)
{
	const struct ct_process_slot *slot = find_slot(session, ct_sys_pid());

	return slot && slot->process && slot->start == start_time(0) && image_key() &&
	       slot->image_key == image_key();
}

struct ct_process_slot *ct_session_enter(struct ct_session *session, uint32_t pid, uint32_t parent)
{
	uint64_t start = start_time(0);
	struct ct_process_slot *slot = find_slot(session, pid);

	if (!slot)
		slot = claim_slot(session, pid);
	if (!slot)
		return NULL;
	slot->image_key = image_key();
	if (slot->process && slot->start == start) {
		slot->image++;
		return slot;
	}
	slot->image = slot->stacks = 0;
	slot->threads = 1;
	slot->parent = parent;
	slot->start = start;
	slot->process = __atomic_add_fetch(&session->processes, 1, __ATOMIC_ACQ_REL);
	return slot;
}

uint32_t ct_session_find(struct ct_session *session, uint32_t pid)
{
	const struct ct_process_slot *slot = find_slot(session, pid);

	/* Another process may have the pid of one that was killed. */
	return slot && slot->start == start_time(pid) ? slot->process : 0;
}

void ct_session_leave(struct ct_session *session, uint32_t pid)
{
	struct ct_process_slot *slot = find_slot(session, pid);

	if (!slot)
		return;
	slot->process = 0;
	__atomic_store_n(&slot->start, CT_SLOT_ENDED, __ATOMIC_RELEASE);
}
