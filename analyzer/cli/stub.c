#include "cli/stub.h"

#include "base/text.h"
#include "cli/linking.h"

bool ct_stub_outdated(const char *path, const char *library, struct ct_text *out)
{
	struct ct_linking linking, own;

	if (!ct_linking_read(path, &linking) || !linking.for_races ||
	    !ct_linking_read(library, &own) || !own.version || linking.version == own.version)
		return false;
	ct_text_addf(out,
		     "%s was built by another version of \"conctrace cc\": its accesses to memory "
		     "are not recorded, so data races are not looked for; build it again with: "
		     "conctrace cc %s ...",
		     path, ct_linking_compiler(&linking));
	return true;
}
