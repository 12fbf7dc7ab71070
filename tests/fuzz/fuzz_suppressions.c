/* The reader of suppressions and what it reads, compared with a finding that has all parts. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "detect/detector.h"
#include "finding/suppression.h"
#include "model/model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void apply(struct ct_suppressions *set)
{
	struct ct_object object = {.given_name = "accounts[3].lock"};
	struct ct_step_of_cycle step = {.wants = &object, .holds = &object, .verb = "locks"};
	const char *const *lines;
	struct ct_findings findings;
	struct ct_finding *finding;
	size_t count;

	ct_findings_init(&findings);
	finding = ct_findings_add(&findings, ct_detect_rules()[0], CT_OBSERVED);
	if (finding) {
		finding->steps = &step;
		finding->step_count = 1;
	}
	if (ct_suppressions_apply(set, &findings, NULL, NULL) == CT_OK &&
	    ct_suppressions_unused(set, &lines, &count) != CT_OK)
		__builtin_trap();
	ct_findings_fini(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("suppressions", MFD_CLOEXEC);
	struct ct_suppressions *set;
	struct ct_error error;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size ||
	    ct_suppressions_new(ct_detect_rules(), &set) != CT_OK)
		return 0;
	if (ct_suppressions_read(set, path, 0, &error) == CT_OK)
		apply(set);
	ct_suppressions_free(set);
	return close(fd);
}
