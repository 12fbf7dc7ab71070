#include "cli/sanitizer.h"

#include "base/text.h"
#include "cli/linking.h"

bool ct_sanitizer_obstacle(const char *path, struct ct_text *out)
{
	struct ct_linking linking;

	/* Linked into the program, the runtime's own names may be hidden, but not those of libc
	 * that it stands before; no other sanitizer does so for both of these. */
	if (!ct_linking_read(path, &linking) ||
	    !(linking.runtime[0] || (linking.once && linking.barrier)))
		return false;
	ct_text_addf(
		out,
		"%s is linked with ThreadSanitizer's own runtime%s%s%s, and nothing of it can be "
		"recorded; link it again, from the same object files, with: conctrace cc %s "
		"-o %s ...",
		path, linking.runtime[0] ? " (" : "", linking.runtime,
		linking.runtime[0] ? ")" : "", ct_linking_compiler(&linking), path);
	return true;
}
