/* Children that libc starts. Their first image has a recorder of its own from its constructor. */
#include <stdlib.h>

#include "hooks/call.h"
#include "hooks/fds.h"
#include "hooks/real.h"
#include "record/process.h"

CT_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
			  const posix_spawnattr_t *attributes, char *const argv[],
			  char *const envp[])
{
	struct ct_call call;
	pid_t child = 0;
	int error;

	ct_call_request(&call, CT_EV_SPAWN, 0, 0, 0, CT_CALLER);
	error = CT_REAL(posix_spawn)(&child, path, actions, attributes, argv, envp);
	ct_call_complete_with(&call, error, error ? 0 : (uint64_t)child, 0);
	if (!error && pid)
		*pid = child;
	return error;
}

CT_EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
			   const posix_spawnattr_t *attributes, char *const argv[],
			   char *const envp[])
{
	struct ct_call call;
	pid_t child = 0;
	int error;

	ct_call_request(&call, CT_EV_SPAWN, 0, 0, 0, CT_CALLER);
	error = CT_REAL(posix_spawnp)(&child, file, actions, attributes, argv, envp);
	ct_call_complete_with(&call, error, error ? 0 : (uint64_t)child, 0);
	if (!error && pid)
		*pid = child;
	return error;
}

CT_EXPORT int system(const char *command)
{
	CT_CALL_SCOPE struct ct_call call;
	int status;

	ct_call_request(&call, CT_EV_SYSTEM, 0, 0, 0, CT_CALLER);
	status = CT_REAL(system)(command);
	ct_call_complete_with(&call, ct_errno_of(status), 0, (uint32_t)status);
	return status;
}

CT_EXPORT FILE *popen(const char *command, const char *mode)
{
	struct ct_call call;
	FILE *stream;

	ct_call_request(&call, CT_EV_POPEN, 0, 0, 0, CT_CALLER);
	stream = CT_REAL(popen)(command, mode);
	ct_call_complete_with(&call, stream ? 0 : errno, 0, stream ? (uint32_t)fileno(stream) : 0);
	if (stream && ct_state.session)
		ct_fd_opened_file(stream, CT_CALLER);
	return stream;
}

CT_EXPORT int pclose(FILE *stream)
{
	CT_CALL_SCOPE struct ct_call call = {.pending = false};
	int error = ct_fd_closing_file(stream, CT_CALLER), status;

	ct_call_request(&call, CT_EV_PCLOSE, 0, 0, 0, CT_CALLER);
	status = CT_REAL(pclose)(stream);
	ct_call_complete_with(&call, ct_errno_of(status), 0, (uint32_t)status);
	if (!error || status)
		return status;
	errno = error;
	return -1;
}
