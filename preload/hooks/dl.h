#ifndef CT_HOOKS_DL_H
#define CT_HOOKS_DL_H
/* What dl.S asks before it jumps to the real function, which these give. errno is kept. */
#include "hooks/real.h"

__typeof__(ct_real.dlopen) ct_dlopen_real(const char *file, int flags);
__typeof__(ct_real.dlmopen) ct_dlmopen_real(Lmid_t space, const char *file, int flags);

#endif
