#include "record/clock.h"

#include <cpuid.h>
#include <fcntl.h>
#include <time.h>

#include "record/process.h"
#include "record/recorder.h"
#include "sys/kernel.h"
#include "sys/line.h"

bool ct_clock_is_tsc;

/* clock_gettime is served by the vdso: no lock, no errno. */
static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now = {0, 0};

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* When the TSC was left, in ticks of the trace and by the kernel's clock. frequency 0: never. */
static struct {
	uint64_t ticks, ns, frequency;
} left;

static uint64_t kernel_ns(void)
{
	struct timespec now = {0, 0};

	CT_SYS(SYS_clock_gettime, CLOCK_MONOTONIC, &now, 0, 0, 0, 0);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t ct_clock_slow(void)
{
	uint64_t ns;

	if (!left.frequency)
		return clock_ns(CLOCK_MONOTONIC);
	ns = kernel_ns() - left.ns;
	return left.ticks + ns / 1000000000u * left.frequency +
	       ns % 1000000000u * left.frequency / 1000000000u;
}

void ct_clock_leave_tsc(void)
{
	if (left.frequency || !ct_state.session)
		return;
	left.ns = kernel_ns();
	left.ticks = ct_clock_now();
	CT_BARRIER();
	left.frequency = ct_state.session->frequency;
	CT_BARRIER();
	ct_clock_is_tsc = false;
}

uint64_t ct_clock_realtime_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

void ct_clock_use(enum ct_clock clock)
{
	ct_clock_is_tsc = clock == CT_CLOCK_TSC;
}

/* Invariant TSC (CPUID 0x80000007, EDX bit 8), and a kernel that bases its own time on it. */
static bool tsc_is_trusted(void)
{
	unsigned a, b, c, d;
	char source[32] = "";
	int fd;
	long n;

	if (!__get_cpuid(0x80000007, &a, &b, &c, &d) || !(d & 1u << 8))
		return false;
	fd = ct_sys_open("/sys/devices/system/clocksource/clocksource0/current_clocksource",
			 O_RDONLY, 0);
	if (fd < 0)
		return false;
	n = ct_sys_read(fd, source, sizeof(source) - 1);
	ct_sys_close(fd);
	return n > 0 && (ct_str_begins(source, "tsc") || ct_str_begins(source, "kvm-clock") ||
			 ct_str_begins(source, "hyperv_clocksource"));
}

void ct_clock_sample(struct ct_clock_sample *out)
{
	out->monotonic_ns = clock_ns(CLOCK_MONOTONIC);
	out->tsc = __builtin_ia32_rdtsc();
}

void ct_clock_measure(const struct ct_clock_sample *first, struct ct_session *session)
{
	struct ct_clock_sample now;

	session->clock = CT_CLOCK_MONOTONIC;
	session->frequency = 1000000000u;
	if (!tsc_is_trusted())
		return;
	do
		ct_clock_sample(&now);
	while (now.monotonic_ns - first->monotonic_ns < 1000000u);
	if (now.tsc <= first->tsc)
		return;
	session->clock = CT_CLOCK_TSC;
	session->frequency = (uint64_t)((double)(now.tsc - first->tsc) * 1e9 /
					(double)(now.monotonic_ns - first->monotonic_ns));
}
