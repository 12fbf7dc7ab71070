#include "report/trap_words.h"

#include <inttypes.h>

#include "base/text.h"
#include "model/traps.h"
#include "report/text_parts.h"

/* By enum ct_trap_aside. */
static const char *const reasons[CT_TRAP_REASONS] = {
	"for a reason that this version does not know",
	[CT_TRAP_NO_DECODER] = "libZydis is not installed (Debian: libzydis4.0)",
	[CT_TRAP_NO_TABLES] = "the code has no unwind tables, by which its functions are known",
	[CT_TRAP_REFUSED] = "the kernel does not let code be changed",
	[CT_TRAP_DEBUGGER] = "the program runs under a debugger",
	[CT_TRAP_SYSTEM_CALLS] = "the program makes system calls without libc",
	[CT_TRAP_RSEQ] = "the program has restartable sequences",
	[CT_TRAP_SECCOMP] = "the program limits its own system calls (seccomp)",
	[CT_TRAP_SMALL_STACK] = "a signal handler runs on a stack that is too small for one more",
	[CT_TRAP_READS_CODE] = "the program reads its own code",
	[CT_TRAP_WRITES_CODE] = "the program makes its own code writable",
	[CT_TRAP_NO_MEMORY] = "no memory near the code is free",
	[CT_TRAP_SIGNAL] =
		"libc runs some of the program with SIGTRAP blocked (SIGEV_THREAD, its free)",
	[CT_TRAP_NO_CODE] =
		"no code that was to get traps accesses memory that threads could share",
	[CT_TRAP_OWN_THREADS] = "the program makes threads without libc",
};

static const char off[] = "they were not to be (races=off)";

static const char *reason_of(unsigned number)
{
	return reasons[number] ? reasons[number] : reasons[0];
}

static void add_reasons(struct ct_text *out, const struct ct_traps *traps)
{
	const char *between = "";

	for (unsigned i = 0; i < CT_TRAP_REASONS; i++) {
		if (!(traps->reasons >> i & 1))
			continue;
		ct_text_addf(out, "%s%s", between, reason_of(i));
		between = "; ";
	}
}

static uint64_t ms(uint64_t ns)
{
	return ns / 1000000 + (ns % 1000000 >= 500000);
}

static void add_done(struct ct_text *out, const struct ct_traps *traps)
{
	ct_text_add(out, "data races were looked for at ");
	ct_text_add_count(out, traps->places, "place");
	if (!traps->ended) {
		ct_text_add(out, ", until the program was killed: races may be missed");
		return;
	}
	ct_text_addf(out,
		     "; threads were held for %" PRIu64 " ms of %" PRIu64
		     " ms allowed: races may be missed",
		     ms(traps->held_ns), ms(traps->allowed_ns));
	if (!traps->aside)
		return;
	ct_text_add(out, "; not everywhere, or not to the end: ");
	add_reasons(out, traps);
}

bool ct_trap_words(struct ct_text *out, const struct ct_model *model)
{
	struct ct_traps traps;

	if (model->trace->races_off) {
		ct_text_addf(out, "data races were not looked for: %s", off);
		return true;
	}
	ct_traps_sum(model, &traps);
	if (traps.with) {
		add_done(out, &traps);
		return true;
	}
	if (traps.caught) {
		ct_text_add(out, "data races were looked for, until the program was killed: races "
				 "may be missed");
		return true;
	}
	if (!traps.aside)
		return false;
	ct_text_add(out, "data races were not looked for: ");
	add_reasons(out, &traps);
	return true;
}

const char *ct_trap_words_none(const struct ct_model *model)
{
	struct ct_traps traps;

	if (model->trace->races_off)
		return off;
	ct_traps_sum(model, &traps);
	return traps.aside && !traps.with && !traps.caught
		       ? reason_of((unsigned)__builtin_ctz(traps.reasons))
		       : NULL;
}

bool ct_trap_any(const struct ct_model *model)
{
	struct ct_traps traps;

	ct_traps_sum(model, &traps);
	return traps.with || traps.caught;
}
