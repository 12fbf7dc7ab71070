/* The hooks that hooks.def says all about, and what programs get that ask for an old version. */
#include "hooks/shapes.h"
#include "hooks/shapes_wait.h"

/* Of those that only old programs know, the system's headers have no declaration. */
#define HOOK(SHAPE, EVENT, result, name, params, args, object) result(name) params;
#include "hooks/hooks.def"
#define OLD(SHAPE, EVENT, result, name, alias, params, args, object, version) result(alias) params;
#define PASS(result, name, alias, params, args, version) result(alias) params;
#include "hooks/versions.def"

#define HOOK(SHAPE, EVENT, result, name, params, args, object)                                     \
	CT_SHAPE_##SHAPE(EVENT, name, params, args, object)
#include "hooks/hooks.def"

/* The alias is what the assembler knows it by; the linker leaves name@version of it. */
#define CT_SYMVER(name, alias, version) __asm__(".symver " #alias "," #name "@" version);

/* What old versions are given has another layout. */
#undef CT_DESTROYED
#define CT_DESTROYED(object) 0
#undef CT_DESTROYED_AND_LOCKED
#define CT_DESTROYED_AND_LOCKED(object) 0

#define OLD(SHAPE, EVENT, result, name, alias, params, args, object, version)                      \
	CT_SHAPE_##SHAPE(EVENT, alias, params, args, object) CT_SYMVER(name, alias, version)
#define PASS(result, name, alias, params, args, version)                                           \
	CT_EXPORT result alias params                                                              \
	{                                                                                          \
		return CT_REAL(alias) args;                                                        \
	}                                                                                          \
	CT_SYMVER(name, alias, version)
/* A jump: the hook sees the program as its caller. */
#define SAME(name, alias, version)                                                                 \
	__asm__(".pushsection .text\n"                                                             \
		".globl " #alias "\n"                                                              \
		".type " #alias ", @function\n" #alias ":\n"                                       \
		".cfi_startproc\n"                                                                 \
		"jmp " #name "\n"                                                                  \
		".cfi_endproc\n"                                                                   \
		".size " #alias ", .-" #alias "\n"                                                 \
		".popsection");                                                                    \
	CT_SYMVER(name, alias, version)
/* PASS also of functions that return nothing. */
#pragma GCC diagnostic ignored "-Wpedantic"
#include "hooks/versions.def"
