/* Calls the dynamic annotations; prints what the trace must say of it, as entries.c does. */
#include <stdio.h>

#define DECLARE(name, ...) void name(const char *file, int line, ##__VA_ARGS__)
DECLARE(AnnotateHappensBefore, const volatile void *object);
DECLARE(AnnotateHappensAfter, const volatile void *object);
DECLARE(AnnotateIgnoreReadsBegin);
DECLARE(AnnotateIgnoreReadsEnd);
DECLARE(AnnotateRWLockAcquired, const volatile void *lock, long is_write);
DECLARE(AnnotateRWLockReleased, const volatile void *lock, long is_write);
DECLARE(AnnotateBenignRaceSized, const volatile void *at, unsigned long size, const char *why);
DECLARE(AnnotateThreadName, const char *name);

static int lock, object;

int main(void)
{
	AnnotateThreadName(__FILE__, __LINE__, "worker of annotations");
	AnnotateBenignRaceSized(__FILE__, __LINE__, &object, sizeof(object), "none");
	AnnotateHappensBefore(__FILE__, __LINE__, &object);
	AnnotateHappensAfter(__FILE__, __LINE__, &object);
	printf("conctrace_happens_before %p\nconctrace_happens_after %p\n", (void *)&object,
	       (void *)&object);
	AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
	AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
	printf("conctrace_ignore_begin\nconctrace_ignore_end\n");
	AnnotateRWLockAcquired(__FILE__, __LINE__, &lock, 1);
	AnnotateRWLockReleased(__FILE__, __LINE__, &lock, 1);
	printf("conctrace_lock %p\nconctrace_unlock %p\n", (void *)&lock, (void *)&lock);
	AnnotateRWLockAcquired(__FILE__, __LINE__, &lock, 0);
	AnnotateRWLockReleased(__FILE__, __LINE__, &lock, 0);
	printf("conctrace_rdlock %p\nconctrace_unlock %p\n", (void *)&lock, (void *)&lock);
	return 0;
}
