/* Children that libc starts. Their first image has a recorder of its own from its constructor. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/real.h"
#include "hooks/sigtrap.h"
#include "hooks/unseen.h"
#include "record/process.h"

/* The child begins with the mask of this thread, if its attributes say no other: with that which
 * the program sees. `room` is for these attributes. NULL: the given ones do. */
static const posix_spawnattr_t *with_sigtrap_blocked(const posix_spawnattr_t *given,
						     posix_spawnattr_t *room)
{
	sigset_t mask;
	short flags = 0;

	if (!ct_sigtrap_ours() || !ct_sigtrap_blocked())
		return NULL;
	if (given)
		*room = *given;
	else
		posix_spawnattr_init(room);
	posix_spawnattr_getflags(room, &flags);
	if (flags & POSIX_SPAWN_SETSIGMASK)
		return NULL;
	sigemptyset(&mask);
	CT_REAL(pthread_sigmask)(SIG_BLOCK, NULL, &mask);
	sigaddset(&mask, SIGTRAP);
	posix_spawnattr_setsigmask(room, &mask);
	posix_spawnattr_setflags(room, (short)(flags | POSIX_SPAWN_SETSIGMASK));
	return room;
}

/* posix_spawn, or posix_spawnp with `search`. */
static int spawn(bool search, pid_t *pid, const char *program,
		 const posix_spawn_file_actions_t *actions, const posix_spawnattr_t *attributes,
		 char *const argv[], char *const envp[], uintptr_t pc, uintptr_t sp)
{
	posix_spawnattr_t room;
	const posix_spawnattr_t *changed = with_sigtrap_blocked(attributes, &room);
	struct ct_call call;
	pid_t child = 0;
	int error;

	if (changed)
		attributes = changed;
	ct_call_request(&call, CT_EV_SPAWN, 0, 0, 0, pc, sp);
	if (search)
		error = CT_REAL(posix_spawnp)(&child, program, actions, attributes, argv, envp);
	else
		error = CT_REAL(posix_spawn)(&child, program, actions, attributes, argv, envp);
	ct_call_complete_with(&call, error, error ? 0 : (uint64_t)child, 0);
	if (error)
		return error;
	if (pid)
		*pid = child;
	if (search)
		ct_unseen_command(program, envp);
	else
		ct_unseen_program(AT_FDCWD, program, envp);
	return 0;
}

CT_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
			  const posix_spawnattr_t *attributes, char *const argv[],
			  char *const envp[])
{
	return spawn(false, pid, path, actions, attributes, argv, envp, CT_CALLER);
}

CT_EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
			   const posix_spawnattr_t *attributes, char *const argv[],
			   char *const envp[])
{
	return spawn(true, pid, file, actions, attributes, argv, envp, CT_CALLER);
}

CT_EXPORT int system(const char *command)
{
	CT_CALL_SCOPE struct ct_call call;
	int status;

	ct_call_request(&call, CT_EV_SYSTEM, 0, 0, 0, CT_CALLER);
	if (command)
		ct_unseen_program(AT_FDCWD, "/bin/sh", environ);
	status = CT_REAL(system)(command);
	ct_call_complete_with(&call, ct_errno_of(status), 0, (uint32_t)status);
	return status;
}

/* Of libio's ABI, in no header: a stream of popen. */
struct proc_stream {
	FILE file;
	const void *operations;
	pid_t child;
	struct proc_stream *next;
};

/* 0: it is not known. libc puts the stream's lock behind it, and so tells how large it is. */
static uint32_t child_of(FILE *file)
{
	const struct proc_stream *stream = (const void *)file;

	return file->_lock == (const void *)(stream + 1) ? (uint32_t)stream->child : 0;
}

CT_EXPORT FILE *popen(const char *command, const char *mode)
{
	struct ct_call call;
	FILE *stream;

	ct_call_request(&call, CT_EV_POPEN, 0, 0, 0, CT_CALLER);
	ct_unseen_program(AT_FDCWD, "/bin/sh", environ);
	stream = CT_REAL(popen)(command, mode);
	if (stream && ct_state.session) /* within the call: so it is known for popen's */
		ct_fd_opened_file(stream, CT_CALLER);
	ct_call_complete_with(&call, stream ? 0 : errno, stream ? child_of(stream) : 0,
			      stream ? (uint32_t)fileno(stream) : 0);
	return stream;
}

CT_EXPORT int pclose(FILE *stream)
{
	CT_CALL_SCOPE struct ct_call call = {.pending = false};
	int error = ct_fd_closing_file(stream, CT_CALLER), status;
	uint32_t child = child_of(stream);

	ct_call_request(&call, CT_EV_PCLOSE, 0, child, 0, CT_CALLER);
	status = CT_REAL(pclose)(stream);
	ct_call_complete_with(&call, ct_errno_of(status), child, (uint32_t)status);
	if (!error || status)
		return status;
	errno = error;
	return -1;
}
