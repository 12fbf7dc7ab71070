#include "hooks/unseen.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "hooks/environment.h"
#include "hooks/file_lock.h"
#include "record/defs.h"
#include "record/process.h"
#include "record/recorder.h"
#include "sys/kernel.h"
#include "sys/line.h"

#define SAID 64u
#define PROGRAM_HEADERS 64
#define SCRIPT_LINE 128 /* longer interpreters' names are not looked at */

/* What was said last, by its hash: a program that another one starts a thousand times. */
static uint64_t said[SAID];

static bool is_new(const struct ct_process *process, enum ct_unseen why, const char *code)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ process->number ^ (uint64_t)why << 32;
	uint64_t *last;

	for (; *code; code++) /* FNV-1a */
		hash = (hash ^ (unsigned char)*code) * UINT64_C(1099511628211);
	last = &said[(hash ^ hash >> 32) % SAID];
	return __atomic_exchange_n(last, hash, __ATOMIC_RELAXED) != hash;
}

void ct_unseen(enum ct_unseen why, const char *code)
{
	struct ct_recorder *r = ct_recorder_enter(CT_SIZE_ANY);

	if (!r)
		return;
	if (is_new(r->process, why, code))
		ct_defs_unseen(r->process, why, code);
	ct_recorder_leave(r);
}

/* Whether the dynamic linker will be told to trust nothing (AT_SECURE), LD_PRELOAD among it. */
static bool gains_privileges(int folder, const char *path, const struct stat *info)
{
	uint32_t uid = (uint32_t)CT_SYS(SYS_getuid, 0, 0, 0, 0, 0, 0);
	uint32_t gid = (uint32_t)CT_SYS(SYS_getgid, 0, 0, 0, 0, 0, 0);
	mode_t group = S_ISGID | S_IXGRP;

	if (!(info->st_mode & S_ISUID && info->st_uid != uid) &&
	    !((info->st_mode & group) == group && info->st_gid != gid) &&
	    (uid == 0 || folder != AT_FDCWD ||
	     CT_SYS(SYS_getxattr, path, "security.capability", NULL, 0, 0, 0) <= 0))
		return false;
	return CT_SYS(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0, 0) != 1;
}

static bool read_at(int fd, void *buffer, size_t size, uint64_t offset)
{
	return CT_SYS(SYS_pread64, fd, buffer, size, offset, 0, 0) == (long)size;
}

static bool has_interpreter(int fd, const ElfW(Ehdr) * head)
{
	ElfW(Phdr) segment = {0};

	for (unsigned i = 0; i < head->e_phnum && i < PROGRAM_HEADERS; i++) {
		if (!read_at(fd, &segment, sizeof(segment), head->e_phoff + i * sizeof(segment)))
			return true;
		if (segment.p_type == PT_INTERP)
			return true;
	}
	return false;
}

/* The dynamic linker, called as a command, has no interpreter but minds LD_PRELOAD. */
static bool is_linker(const char *path)
{
	const char *name = ct_str_base(path);

	return ct_str_begins(name, "ld-") || ct_str_begins(name, "ld.so");
}

static enum ct_unseen look_into(int fd, const char *path)
{
	ElfW(Ehdr) head = {0};

	if (!read_at(fd, &head, sizeof(head), 0) ||
	    __builtin_memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		return 0;
	if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_machine != EM_X86_64)
		return CT_UNSEEN_MACHINE;
	return has_interpreter(fd, &head) || is_linker(path) ? 0 : CT_UNSEEN_STATIC;
}

/* The interpreter of a script, without its arguments. */
static bool read_interpreter(int fd, char line[SCRIPT_LINE])
{
	long n = CT_SYS(SYS_pread64, fd, line, SCRIPT_LINE - 1, 0, 0, 0);
	char *from = line + 2, *to = line;

	if (n < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[n] = '\0';
	while (*from == ' ' || *from == '\t')
		from++;
	while (*from && *from != ' ' && *from != '\t' && *from != '\n')
		*to++ = *from++;
	*to = '\0';
	return *from;
}

static enum ct_unseen why_unseen(int folder, const char *path, const struct stat *info)
{
	char interpreter[SCRIPT_LINE] = "";
	enum ct_unseen why;
	int fd;

	if (gains_privileges(folder, path, info))
		return CT_UNSEEN_PRIVILEGED;
	/* Closing any descriptor of a file ends the process's own locks on it: fcntl(2). */
	if (ct_file_lock_asked)
		return 0;
	fd = (int)CT_SYS(SYS_openat, folder, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0,
			 0, 0);
	if (fd < 0)
		return 0;
	why = look_into(fd, path);
	if (!why && read_interpreter(fd, interpreter)) {
		int other = ct_sys_open(interpreter, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

		if (other >= 0) {
			why = look_into(other, interpreter);
			ct_sys_close(other);
		}
	}
	ct_sys_close(fd);
	return why;
}

/* Capabilities may allow more until the program begins, which then has none: capabilities(7). */
static bool may_open_trace(void)
{
	uint32_t user = (uint32_t)CT_SYS(SYS_geteuid, 0, 0, 0, 0, 0, 0);
	struct stat folder;

	return user == 0 || ct_sys_stat(ct_state.folder, &folder) < 0 || folder.st_uid == user;
}

bool ct_unseen_program(int folder, const char *path, char *const envp[])
{
	struct stat info = {0};
	enum ct_unseen why;

	if (CT_SYS(SYS_newfstatat, folder, path, &info, 0, 0, 0) < 0 || !S_ISREG(info.st_mode) ||
	    !(info.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)))
		return false;
	why = why_unseen(folder, path, &info);
	if (!why && !ct_environment_carries(envp))
		why = CT_UNSEEN_ENVIRONMENT;
	if (!why && !may_open_trace())
		why = CT_UNSEEN_USER;
	if (why)
		ct_unseen(why, path);
	return true;
}

static bool has_slash(const char *text)
{
	while (*text && *text != '/')
		text++;
	return *text;
}

void ct_unseen_command(const char *file, char *const envp[])
{
	const char *at = getenv("PATH");
	char path[CT_PATH_SIZE];
	struct ct_line line;

	if (has_slash(file)) {
		ct_unseen_program(AT_FDCWD, file, envp);
		return;
	}
	at = at ? at : "/bin:/usr/bin";
	do {
		ct_line_init(&line, path, sizeof(path));
		for (; *at && *at != ':'; at++)
			ct_line_add_char(&line, *at);
		if (line.at != line.start)
			ct_line_add_char(&line, '/');
		ct_line_add(&line, file);
		if (!line.cut && ct_unseen_program(AT_FDCWD, path, envp))
			return;
	} while (*at++);
}

void ct_unseen_file(int fd, char *const envp[])
{
	char link[32], path[CT_PATH_SIZE];
	struct ct_line line;
	long n;

	if (fd < 0)
		return;
	ct_line_init(&line, link, sizeof(link));
	ct_line_add(&line, "/proc/self/fd/");
	ct_line_add_u64(&line, (uint64_t)fd);
	n = CT_SYS(SYS_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1, 0, 0);
	path[n > 0 ? n : 0] = '\0';
	/* a file without a name, or with another behind it by now, is looked at by its link */
	if (n <= 0 || !ct_unseen_program(AT_FDCWD, path, envp))
		ct_unseen_program(AT_FDCWD, link, envp);
}
