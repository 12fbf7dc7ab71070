/*
 * Stands before libstdc++'s own: std::string is then compiled into the program, where its accesses
 * to memory are recorded, instead of being taken from libstdc++.so, where they are not.
 */
#include_next <bits/c++config.h>

#if defined(_GLIBCXX_EXTERN_TEMPLATE) && _GLIBCXX_EXTERN_TEMPLATE > 0
#undef _GLIBCXX_EXTERN_TEMPLATE
#define _GLIBCXX_EXTERN_TEMPLATE -1 /* for strings only */
#endif
