/*
 * Where debug information lies that was split off a file: on this machine only. libdw's own search
 * asks the network (debuginfod) when an environment variable says so; this one never does.
 */
#ifndef CT_MODEL_SYMBOLS_DEBUGLINK_H
#define CT_MODEL_SYMBOLS_DEBUGLINK_H

#include <elfutils/libdwfl.h>

/* Dwfl_Callbacks.find_debuginfo: a descriptor, or -1. */
int ct_debuglink_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
		      const char *path, const char *link, GElf_Word crc, char **out_path);

#endif
