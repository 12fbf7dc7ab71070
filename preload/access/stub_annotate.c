/*
 * Dynamic annotations, as ThreadSanitizer has them: a program that calls them links with ours. All
 * begin with the caller's file and line, which the stack has anyway.
 */
#include <stddef.h>

#include "access/fast.h"
#include "conctrace.h"

CT_ENTRY void AnnotateHappensBefore(const char *file, int line, const volatile void *object);
void AnnotateHappensBefore(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line;
	CONCTRACE_HAPPENS_BEFORE(object);
}

CT_ENTRY void WTFAnnotateHappensBefore(const char *file, int line, const volatile void *object);
void WTFAnnotateHappensBefore(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line;
	CONCTRACE_HAPPENS_BEFORE(object);
}

CT_ENTRY void AnnotateCondVarSignal(const char *file, int line, const volatile void *object);
void AnnotateCondVarSignal(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line;
	CONCTRACE_HAPPENS_BEFORE(object);
}

CT_ENTRY void AnnotateCondVarSignalAll(const char *file, int line, const volatile void *object);
void AnnotateCondVarSignalAll(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line;
	CONCTRACE_HAPPENS_BEFORE(object);
}

CT_ENTRY void AnnotateHappensAfter(const char *file, int line, const volatile void *object);
void AnnotateHappensAfter(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line;
	CONCTRACE_HAPPENS_AFTER(object);
}

CT_ENTRY void WTFAnnotateHappensAfter(const char *file, int line, const volatile void *object);
void WTFAnnotateHappensAfter(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line;
	CONCTRACE_HAPPENS_AFTER(object);
}

CT_ENTRY void AnnotateCondVarWait(const char *file, int line, const volatile void *object,
				  const volatile void *lock);
void AnnotateCondVarWait(const char *file, int line, const volatile void *object,
			 const volatile void *lock)
{
	(void)file, (void)line, (void)lock;
	CONCTRACE_HAPPENS_AFTER(object);
}

CT_ENTRY void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsBegin(const char *file, int line)
{
	(void)file, (void)line;
	CONCTRACE_IGNORE_BEGIN();
}

CT_ENTRY void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line)
{
	(void)file, (void)line;
	CONCTRACE_IGNORE_BEGIN();
}

CT_ENTRY void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line)
{
	(void)file, (void)line;
	CONCTRACE_IGNORE_END();
}

CT_ENTRY void AnnotateIgnoreWritesEnd(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line)
{
	(void)file, (void)line;
	CONCTRACE_IGNORE_END();
}

CT_ENTRY void AnnotateThreadName(const char *file, int line, const char *name);
void AnnotateThreadName(const char *file, int line, const char *name)
{
	(void)file, (void)line;
	CONCTRACE_THREAD_NAME(name);
}

CT_ENTRY void AnnotateRWLockAcquired(const char *file, int line, const volatile void *lock,
				     long is_write);
void AnnotateRWLockAcquired(const char *file, int line, const volatile void *lock, long is_write)
{
	(void)file, (void)line;
	if (is_write)
		CONCTRACE_LOCK_ACQUIRED(lock);
	else
		CONCTRACE_RDLOCK_ACQUIRED(lock);
}

CT_ENTRY void AnnotateRWLockReleased(const char *file, int line, const volatile void *lock,
				     long is_write);
void AnnotateRWLockReleased(const char *file, int line, const volatile void *lock, long is_write)
{
	(void)file, (void)line, (void)is_write;
	CONCTRACE_LOCK_RELEASE(lock);
}

/* Without meaning here. */
CT_ENTRY void AnnotateRWLockCreate(const char *file, int line, const volatile void *lock);
void AnnotateRWLockCreate(const char *file, int line, const volatile void *lock)
{
	(void)file, (void)line, (void)lock;
}

CT_ENTRY void AnnotateRWLockCreateStatic(const char *file, int line, const volatile void *lock);
void AnnotateRWLockCreateStatic(const char *file, int line, const volatile void *lock)
{
	(void)file, (void)line, (void)lock;
}

CT_ENTRY void AnnotateRWLockDestroy(const char *file, int line, const volatile void *lock);
void AnnotateRWLockDestroy(const char *file, int line, const volatile void *lock)
{
	(void)file, (void)line, (void)lock;
}

CT_ENTRY void AnnotateMutexIsNotPHB(const char *file, int line, const volatile void *lock);
void AnnotateMutexIsNotPHB(const char *file, int line, const volatile void *lock)
{
	(void)file, (void)line, (void)lock;
}

CT_ENTRY void AnnotateMutexIsUsedAsCondVar(const char *file, int line, const volatile void *lock);
void AnnotateMutexIsUsedAsCondVar(const char *file, int line, const volatile void *lock)
{
	(void)file, (void)line, (void)lock;
}

CT_ENTRY void AnnotateBenignRace(const char *file, int line, const volatile void *object,
				 const char *why);
void AnnotateBenignRace(const char *file, int line, const volatile void *object, const char *why)
{
	(void)file, (void)line, (void)object, (void)why;
}

CT_ENTRY void AnnotateBenignRaceSized(const char *file, int line, const volatile void *object,
				      size_t size, const char *why);
void AnnotateBenignRaceSized(const char *file, int line, const volatile void *object, size_t size,
			     const char *why)
{
	(void)file, (void)line, (void)object, (void)size, (void)why;
}

CT_ENTRY void WTFAnnotateBenignRaceSized(const char *file, int line, const volatile void *object,
					 size_t size, const char *why);
void WTFAnnotateBenignRaceSized(const char *file, int line, const volatile void *object,
				size_t size, const char *why)
{
	(void)file, (void)line, (void)object, (void)size, (void)why;
}

CT_ENTRY void AnnotateExpectRace(const char *file, int line, const volatile void *object,
				 const char *why);
void AnnotateExpectRace(const char *file, int line, const volatile void *object, const char *why)
{
	(void)file, (void)line, (void)object, (void)why;
}

CT_ENTRY void AnnotateFlushExpectedRaces(const char *file, int line);
void AnnotateFlushExpectedRaces(const char *file, int line)
{
	(void)file, (void)line;
}

CT_ENTRY void AnnotateFlushState(const char *file, int line);
void AnnotateFlushState(const char *file, int line)
{
	(void)file, (void)line;
}

CT_ENTRY void AnnotateEnableRaceDetection(const char *file, int line, int on);
void AnnotateEnableRaceDetection(const char *file, int line, int on)
{
	(void)file, (void)line, (void)on;
}

CT_ENTRY void AnnotateIgnoreSyncBegin(const char *file, int line);
void AnnotateIgnoreSyncBegin(const char *file, int line)
{
	(void)file, (void)line;
}

CT_ENTRY void AnnotateIgnoreSyncEnd(const char *file, int line);
void AnnotateIgnoreSyncEnd(const char *file, int line)
{
	(void)file, (void)line;
}

CT_ENTRY void AnnotateMemoryIsInitialized(const char *file, int line, const volatile void *object,
					  size_t size);
void AnnotateMemoryIsInitialized(const char *file, int line, const volatile void *object,
				 size_t size)
{
	(void)file, (void)line, (void)object, (void)size;
}

CT_ENTRY void AnnotateMemoryIsUninitialized(const char *file, int line, const volatile void *object,
					    size_t size);
void AnnotateMemoryIsUninitialized(const char *file, int line, const volatile void *object,
				   size_t size)
{
	(void)file, (void)line, (void)object, (void)size;
}

CT_ENTRY void AnnotateNewMemory(const char *file, int line, const volatile void *object,
				size_t size);
void AnnotateNewMemory(const char *file, int line, const volatile void *object, size_t size)
{
	(void)file, (void)line, (void)object, (void)size;
}

CT_ENTRY void AnnotateNoOp(const char *file, int line, const volatile void *object);
void AnnotateNoOp(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line, (void)object;
}

CT_ENTRY void AnnotatePCQCreate(const char *file, int line, const volatile void *object);
void AnnotatePCQCreate(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line, (void)object;
}

CT_ENTRY void AnnotatePCQDestroy(const char *file, int line, const volatile void *object);
void AnnotatePCQDestroy(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line, (void)object;
}

CT_ENTRY void AnnotatePCQGet(const char *file, int line, const volatile void *object);
void AnnotatePCQGet(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line, (void)object;
}

CT_ENTRY void AnnotatePCQPut(const char *file, int line, const volatile void *object);
void AnnotatePCQPut(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line, (void)object;
}

CT_ENTRY void AnnotatePublishMemoryRange(const char *file, int line, const volatile void *object,
					 size_t size);
void AnnotatePublishMemoryRange(const char *file, int line, const volatile void *object,
				size_t size)
{
	(void)file, (void)line, (void)object, (void)size;
}

CT_ENTRY void AnnotateUnpublishMemoryRange(const char *file, int line, const volatile void *object,
					   size_t size);
void AnnotateUnpublishMemoryRange(const char *file, int line, const volatile void *object,
				  size_t size)
{
	(void)file, (void)line, (void)object, (void)size;
}

CT_ENTRY void AnnotateTraceMemory(const char *file, int line, const volatile void *object);
void AnnotateTraceMemory(const char *file, int line, const volatile void *object)
{
	(void)file, (void)line, (void)object;
}
