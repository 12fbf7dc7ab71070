/* The hooks that hooks.def says all about. */
#include "hooks/shapes.h"

#define HOOK(SHAPE, EVENT, result, name, params, args, object, version)                            \
	CT_SHAPE_##SHAPE(EVENT, name, params, args, object)
#define NOT_SEEN(FAMILY, name, why)
#include "hooks/hooks.def"
#undef HOOK
#undef NOT_SEEN
