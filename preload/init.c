/*
 * Where libconctrace.so comes to life: in its constructor, or in the first hook that is called
 * before that (constructors of other libraries may run earlier).
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

#include "access/trap/hold.h"
#include "access/trap/trap.h"
#include "hooks/environment.h"
#include "hooks/process.h"
#include "hooks/real.h"
#include "hooks/sanitizer.h"
#include "hooks/shared.h"
#include "hooks/sigtrap.h"
#include "hooks/sync.h"
#include "record/cpu_time.h"
#include "record/process.h"
#include "record/session.h"
#include "record/stack.h"
#include "record/thread.h"
#include "steer/steer.h"
#include "sys/kernel.h"

/* Runs after every other handler and destructor: it was registered before all of them. */
static void at_exit(int status, void *unused)
{
	(void)unused;
	ct_thread_end_process(status);
	ct_process_close();
}

static void at_quick_exit_last(void *unused)
{
	(void)unused;
	ct_process_close();
}

int __cxa_at_quick_exit(void (*function)(void *), void *dso);

/* Whether this is the copy of the library that the program's calls come to: not one that a plugin
 * brought into a namespace of its own (dlmopen). */
static bool in_base_namespace(void)
{
	struct dl_find_object own;
	Lmid_t space;

	return _dl_find_object(&ct_state, &own) != 0 ||
	       dlinfo(own.dlfo_link_map, RTLD_DI_LMID, &space) != 0 || space == LM_ID_BASE;
}

/* Tells the trace that this program is not in it. */
static void leave_out(const char *trace)
{
	if (*trace && ct_session_open(&ct_state, trace))
		__atomic_add_fetch(&ct_state.session->left_out, 1, __ATOMIC_RELAXED);
	ct_state.session = NULL;
}

/* For the traps, which know nothing of hooks. */
static bool find_shared(uintptr_t address, struct ct_hold_memory *out)
{
	const struct ct_shared found = ct_shared_get((const void *)address);

	if (!found.size)
		return false;
	*out = (struct ct_hold_memory){found.device, found.inode,
				       found.offset + (address - found.start)};
	return true;
}

static void start_traps(void)
{
	ct_trap_start(&ct_state.settings);
	if (!ct_traps)
		return;
	ct_hold_set_shared(find_shared);
	ct_sigtrap_start();
}

static void start_recording(void)
{
	const char *inherited = getenv(CT_TRACE_VARIABLE);

	if (!in_base_namespace())
		return;
	if (ct_sanitizer_present()) {
		if (inherited)
			leave_out(inherited);
		return;
	}
	if (!ct_session_open(&ct_state, inherited))
		return;
	if (ct_session_has_image(ct_state.session)) {
		ct_state.session = NULL;
		return;
	}
	ct_stack_init();
	if (!ct_process_start()) {
		ct_process_give_up();
		return;
	}
	if (ct_state.process->number == 1 && ct_state.process->image == 0)
		ct_cpu_time_write_start();
	ct_environment_publish(ct_state.folder);
	ct_hooks_image_started();
	start_traps();
	if (ct_steer_start())
		ct_sync_passed = ct_steer_pass;
	__atomic_store_n(&ct_state.session->ready, 1, __ATOMIC_RELEASE);
}

static void start(void)
{
	uint32_t expected = CT_PHASE_NEW;
	int saved = errno;

	if (!__atomic_compare_exchange_n(&ct_state.phase, &expected, CT_PHASE_STARTING, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		return;
	ct_settings_read(getenv("CONCTRACE_OPTIONS"), &ct_state.settings);
	ct_thread_init();
	start_recording();
	__atomic_store_n(&ct_state.phase, CT_PHASE_READY, __ATOMIC_RELEASE);
	errno = saved;
}

static __attribute__((constructor(101))) void construct(void)
{
	ct_real_resolve();
	on_exit(at_exit, NULL);
	__cxa_at_quick_exit(at_quick_exit_last, NULL);
	ct_hooks_fork_init();
	ct_thread_first_use = start;
	start();
}
