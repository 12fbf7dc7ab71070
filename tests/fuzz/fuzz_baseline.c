/* The reader of baselines, by way of a file in memory. */
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "finding/baseline.h"
#include "finding/finding.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct ct_rule rule = {.id = "x"};
	int fd = memfd_create("baseline", MFD_CLOEXEC);
	struct ct_baseline *baseline;
	struct ct_findings findings;
	struct ct_finding *finding;
	struct ct_error error;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ct_findings_init(&findings);
	finding = ct_findings_add(&findings, &rule, CT_OBSERVED);
	if (finding)
		finding->occurrence = 1;
	if (fd >= 0 && write(fd, data, size) == (ssize_t)size &&
	    ct_baseline_read(path, &error, &baseline) == CT_OK) {
		ct_baseline_apply(baseline, &findings);
		ct_baseline_free(baseline);
	}
	ct_findings_fini(&findings);
	return close(fd);
}
