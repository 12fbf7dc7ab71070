#ifndef CT_CLI_ELF_SECTION_H
#define CT_CLI_ELF_SECTION_H
#include <libelf.h>
#include <stdbool.h>

/* Whether the file has a section of that name. */
bool ct_elf_has_section(Elf *elf, const char *wanted);

#endif
