/* Loads a library that only its own RUNPATH ($ORIGIN) finds: as it is loaded itself, and later. */
#include <dlfcn.h>
#include <stdio.h>

int outer(void);

static int call_inner(const char *when)
{
	void *inner = dlopen("plug_inner.so", RTLD_NOW);
	int (*function)(void);

	if (!inner) {
		printf("%s: %s\n", when, dlerror());
		return -1;
	}
	*(void **)&function = dlsym(inner, "inner");
	printf("%s: inner says %d\n", when, function ? function() : -1);
	return dlclose(inner);
}

static __attribute__((constructor)) void begin(void)
{
	call_inner("as it is loaded");
}

int outer(void)
{
	return call_inner("later");
}
