/*
 * What hooks.def says is not seen, for `conctrace doctor` to read from the file: name and reason as
 * strings, one pair after the other. Nothing in the program reads it.
 */
__attribute__((section("conctrace_not_seen"), used)) static const char not_seen[] =
#define HOOK(SHAPE, EVENT, result, name, params, args, object)
#define NOT_SEEN(FAMILY, name, why) #name "\0" why "\0"
#include "hooks/hooks.def"
#undef HOOK
#undef NOT_SEEN
	"";
