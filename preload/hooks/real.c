#include "hooks/real.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

#include "record/recorder.h"

struct ct_real ct_real;

/* What stands for functions that this libc lacks, by how they tell of an error: a program that
 * looks for one finds our hook, whatever libc has. */
static long missing_minus_1(void)
{
	errno = ENOSYS;
	return -1;
}

static long missing_null(void)
{
	errno = ENOSYS;
	return 0;
}

static long missing_number(void)
{
	return ENOSYS;
}

static long missing_thrd(void)
{
	return thrd_error;
}

#define SLOTS (sizeof(struct ct_real) / sizeof(void *))
#define SLOT(member) (offsetof(struct ct_real, member) / sizeof(void *))

static const struct {
	const char *name, *version;
	long (*missing)(void);
} rows[SLOTS] = {
#define REAL(member, name, version, missing) [SLOT(member)] = {#name, version, missing_##missing},
#include "hooks/versions.def"
};

/* False: this libc lacks it. */
static bool find(size_t i)
{
	void **slot = (void **)&ct_real + i, *found = NULL;

	if (rows[i].version)
		found = dlvsym(RTLD_NEXT, rows[i].name, rows[i].version);
	if (!found)
		found = dlsym(RTLD_NEXT, rows[i].name);
	if (found)
		*slot = found;
	else
		__builtin_memcpy(slot, &rows[i].missing, sizeof(*slot));
	return found != NULL;
}

void ct_real_resolve(void)
{
	bool found = true;

	for (size_t i = 0; i < SLOTS; i++)
		found = find(i) && found;
	if (!found)
		dlerror(); /* the program is not to be told of our failures */
}

void ct_real_find(void *member)
{
	/* volatile: the compiler is told that dlsym does not call us, and drops what it would see
	 */
	static __thread const void *volatile finding __attribute__((tls_model("initial-exec")));
	const void *outer = finding;
	int saved = errno;

	if (finding == member)
		return;
	finding = member;
	if (!find((size_t)((void **)member - (void **)&ct_real)))
		dlerror();
	finding = outer;
	errno = saved;
}
