#ifndef CT_CLI_ELF_FILE_H
#define CT_CLI_ELF_FILE_H
/*
 * What the head of an executable file says about how it is loaded.
 * Source: elf(5), execve(2).
 */
#include <stdbool.h>
#include <sys/stat.h>

enum ct_file_kind {
	CT_FILE_OTHER,	/* neither of these */
	CT_FILE_SCRIPT, /* begins with #! */
	CT_FILE_ELF,	/* for this kind of machine, 64-bit */
	CT_FILE_FOREIGN_ELF,
};

struct ct_file_head {
	enum ct_file_kind kind;
	bool shared_object;    /* ELF: can be loaded at any address */
	char interpreter[256]; /* of a script, or the loader of an ELF; empty: none */
	char argument[256];    /* of a script's interpreter; empty: none */
	struct stat stat;
};

/* False, with errno: the file cannot be read. */
bool ct_file_head_read(const char *path, struct ct_file_head *out);

#endif
