#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/folder.h"
#include "cli/launch.h"
#include "cli/library.h"
#include "cli/program.h"
#include "live/hang.h"
#include "live/supervisor.h"

#define FREE_BYTES_ENOUGH ((uint64_t)256 << 20)
#define FILE_SIZE_ENOUGH ((rlim_t)64 << 20)
#define ADDRESS_SPACE_ENOUGH ((rlim_t)256 << 20)
#define DESCRIPTORS_ENOUGH 16

/* Files of one line, as /proc and /sys have. */
static bool read_line(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	bool good = file && fgets(out, (int)size, file);

	if (file)
		fclose(file);
	if (good)
		out[strcspn(out, "\n")] = '\0';
	return good;
}

static void remove_trace(const char *path)
{
	struct ct_text absolute, name;
	struct ct_error error;

	/* made anew, so emptied, and then dropped */
	ct_text_init(&absolute);
	ct_text_init(&name);
	if (ct_folder_make(path, "", 0, true, &absolute, &name, &error) == CT_OK)
		ct_folder_drop(path);
	ct_text_fini(&name);
	ct_text_fini(&absolute);
}

/* Runs this very program, which says its version, under the recorder; its output goes nowhere. */
static int run_self(struct ct_launch *launch, const char *trace, pid_t *out_pid, int *out_status,
		    struct ct_error *error)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC), out = fcntl(1, F_DUPFD_CLOEXEC, 3);
	struct ct_launched launched;
	enum ct_status status;
	int failure;

	if (nowhere >= 0)
		dup2(nowhere, 1);
	status = ct_launch_prepare(launch, &launched, error);
	if (out >= 0)
		dup2(out, 1);
	close(out);
	close(nowhere);
	if (status)
		return EAGAIN;
	failure = ct_launch_go(&launched, trace);
	if (failure)
		return failure;
	*out_pid = launched.pid;
	while (waitpid(launched.pid, out_status, 0) < 0 && errno == EINTR)
		;
	return 0;
}

static void try_loading(struct ct_doctor *doctor, const char *library)
{
	char self[] = "/proc/self/exe", flag[] = "--version", folder[] = "/tmp/conctrace.XXXXXX";
	char *argv[] = {self, flag, NULL};
	struct ct_supervisor_signals signals;
	struct ct_launch launch = {.argv = argv,
				   .library = library,
				   .stack_depth = UINT64_MAX,
				   .max_bytes = UINT64_MAX,
				   .quota_bytes = UINT64_MAX,
				   .races = CT_LAUNCH_WITHOUT_TRAPS,
				   .signals = &signals};
	struct ct_recorder_state state = {0};
	struct ct_error error;
	pid_t pid = 0;
	int status = 0, failure;

	if (!mkdtemp(folder)) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM, "cannot make a folder in /tmp: %s",
			      strerror(errno));
		return;
	}
	ct_supervisor_block(&signals);
	failure = run_self(&launch, folder, &pid, &status, &error);
	ct_supervisor_unblock(&signals);
	ct_recorder_state(folder, &state);
	if (failure)
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM, "cannot start a program: %s",
			      strerror(failure));
	else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM,
			      "a program that runs well alone fails under the recorder (status "
			      "0x%x): please report this",
			      (unsigned)status);
	else if (!state.ready || state.root_pid != (uint32_t)pid)
		ct_doctor_say(
			doctor, CT_DOCTOR_PROBLEM,
			"a program started with LD_PRELOAD=%s was not recorded; LD_DEBUG=libs "
			"shows what the loader does with it",
			library);
	else
		ct_doctor_say(doctor, CT_DOCTOR_GOOD,
			      "preloading works: a program was recorded with %s", library);
	remove_trace(folder);
}

static void check_library(struct ct_doctor *doctor)
{
	struct ct_text library;
	struct ct_error error;
	struct statvfs disk;

	ct_text_init(&library);
	if (ct_library_find(&library, &error) != CT_OK) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM, "%s", error.text);
	} else if (statvfs(ct_text_str(&library), &disk) == 0 && disk.f_flag & ST_NOEXEC) {
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM,
			      "%s lies in a file system that is mounted noexec: copy it elsewhere "
			      "and set CONCTRACE_LIBRARY to its path",
			      ct_text_str(&library));
	} else {
		try_loading(doctor, ct_text_str(&library));
	}
	ct_text_fini(&library);
}

static void check_folder(struct ct_doctor *doctor)
{
	struct statvfs disk;
	double gigabytes;

	if (access(".", W_OK | X_OK) != 0) {
		ct_doctor_say(
			doctor, CT_DOCTOR_PROBLEM,
			"no trace can be written to this folder (%s): name another one with -o",
			strerror(errno));
		return;
	}
	if (statvfs(".", &disk) != 0)
		return;
	gigabytes = (double)disk.f_bavail * (double)disk.f_frsize / 1e9;
	if ((uint64_t)disk.f_bavail * disk.f_frsize < FREE_BYTES_ENOUGH)
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "only %.2f GB are free here for traces: name another folder with -o",
			      gigabytes);
	else
		ct_doctor_say(doctor, CT_DOCTOR_GOOD,
			      "traces can be written to this folder, %.1f GB are free", gigabytes);
}

static void check_limits(struct ct_doctor *doctor)
{
	static const struct {
		int resource;
		rlim_t enough;
		const char *what, *advice;
	} limits[] = {
		{RLIMIT_FSIZE, FILE_SIZE_ENOUGH, "bytes in a file (ulimit -f)",
		 "what does not fit into a trace is lost"},
		{RLIMIT_AS, ADDRESS_SPACE_ENOUGH, "bytes of memory (ulimit -v)",
		 "the recorder needs some 20 MB of them"},
		{RLIMIT_NOFILE, DESCRIPTORS_ENOUGH, "open files (ulimit -n)",
		 "the recorder needs one now and then"},
	};
	unsigned low = 0;

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)limits[i].resource, &limit) != 0 ||
		    limit.rlim_cur >= limits[i].enough)
			continue;
		low++;
		ct_doctor_say(doctor, CT_DOCTOR_NOTE, "no more than %ju %s are allowed: %s",
			      (uintmax_t)limit.rlim_cur, limits[i].what, limits[i].advice);
	}
	if (!low)
		ct_doctor_say(doctor, CT_DOCTOR_GOOD, "no resource limit is in the way");
}

/* Whether a seccomp filter stands over this process: proc(5). */
static bool is_filtered(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = strncmp(line, "Seccomp:\t2", strlen("Seccomp:\t2")) == 0;
	if (file)
		fclose(file);
	return found;
}

static void check_kernel(struct ct_doctor *doctor)
{
	char line[256];

	if (access("/proc/self/task", R_OK) != 0)
		ct_doctor_say(doctor, CT_DOCTOR_PROBLEM,
			      "/proc is not mounted: run cannot watch over a program");
	if (read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", line,
		      sizeof(line)) &&
	    strcmp(line, "tsc") != 0)
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "the kernel's clock source is %s, not tsc: a time stamp may cost a "
			      "system call",
			      line);
	if (is_filtered())
		ct_doctor_say(
			doctor, CT_DOCTOR_NOTE,
			"system calls are filtered here (seccomp); those that recording needs "
			"were tried above");
}

static void check_tools(struct ct_doctor *doctor)
{
	struct ct_text path;
	void *unwinder;

	ct_text_init(&path);
	if (!ct_program_find("dot", &path))
		ct_doctor_say(
			doctor, CT_DOCTOR_NOTE,
			"Graphviz is not here: --svg and --png need it (apt install graphviz)");
	ct_text_fini(&path);
	unwinder = dlopen("libunwind-x86_64.so.8", RTLD_LAZY | RTLD_LOCAL);
	if (!unwinder)
		ct_doctor_say(
			doctor, CT_DOCTOR_NOTE,
			"libunwind is not here: stacks end at the caller (apt install libunwind8)");
	else
		dlclose(unwinder);
}

static void check_environment(struct ct_doctor *doctor)
{
	static const char *const known[] = {
		"dir=",	    "trace=", "max=",	"quota=",	 "stack=",
		"perturb=", "races=", "traps=", "races_budget=", "steer="};
	const size_t known_count = sizeof(known) / sizeof(*known);
	const char *options = getenv("CONCTRACE_OPTIONS"), *preload = getenv("LD_PRELOAD");

	if (preload && *preload)
		ct_doctor_say(doctor, CT_DOCTOR_NOTE, "LD_PRELOAD is set already: %s", preload);
	while (options && *options) {
		size_t length = strcspn(options, ":"), i = 0;

		while (i < known_count && strncmp(options, known[i], strlen(known[i])) != 0)
			i++;
		if (length && i == known_count)
			ct_doctor_say(
				doctor, CT_DOCTOR_NOTE,
				"CONCTRACE_OPTIONS: \"%.*s\" is unknown and ignored; known are "
				"dir, trace, max, quota, stack, perturb, races, traps, "
				"races_budget, "
				"steer",
				(int)length, options);
		options += length;
		options += *options == ':';
	}
}

void ct_doctor_machine(struct ct_doctor *doctor)
{
	check_library(doctor);
	check_folder(doctor);
	check_limits(doctor);
	check_kernel(doctor);
	check_tools(doctor);
	ct_doctor_traps(doctor);
	check_environment(doctor);
}
