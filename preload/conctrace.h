#ifndef CONCTRACE_H
#define CONCTRACE_H
/*
 * What a program can tell conctrace of itself: names, and what it does without libc's locks. See
 * conctrace.h(3). Every macro takes its arguments once, and works in C from C89 on and in C++.
 *
 * Nothing is to be linked. Without the recorder, in a static program, on other systems than Linux
 * on x86-64 and with CONCTRACE_DISABLE defined, a macro evaluates its arguments and does nothing;
 * the first of these costs a load and a branch.
 *
 * How the recorder is found: its functions are weak and undefined, so their addresses are 0 unless
 * it was preloaded. The address must be read from the global offset table. That of an ordinary
 * weak reference is not, in code that is not position-independent (-no-pie), and linkers make it 0
 * for good there; hence the instruction below. Tried with gcc and clang, bfd, gold and lld, -pie,
 * -no-pie and shared libraries; the option -z nodynamic-undefined-weak undoes it. dlsym() takes the
 * loader's lock, needs a place to keep its answer, and before glibc 2.34 a library.
 */
#if defined(__GNUC__) && defined(__x86_64__) && !defined(__ILP32__) && defined(__linux__) &&       \
	!defined(CONCTRACE_DISABLE)

#define CONCTRACE_FIND_(function, out)                                                             \
	__asm__(".weak " #function "\n\t"                                                          \
		"{movq " #function "@GOTPCREL(%%rip), %0|"                                         \
		"mov %0, QWORD PTR " #function "@GOTPCREL[rip]}"                                   \
		: "=r"(out))

/* No function of ours: the caller is then a place in the program even without optimisation. */
#define CONCTRACE_TELL_(function, type, value)                                                     \
	__extension__({                                                                            \
		type conctrace_value_ = (value);                                                   \
		void (*conctrace_call_)(type);                                                     \
		CONCTRACE_FIND_(function, conctrace_call_);                                        \
		if (conctrace_call_)                                                               \
			conctrace_call_(conctrace_value_);                                         \
	})
#define CONCTRACE_TELL_WITH_(function, object, type, value)                                        \
	__extension__({                                                                            \
		const volatile void *conctrace_object_ = (object);                                 \
		type conctrace_value_ = (value);                                                   \
		void (*conctrace_call_)(const volatile void *, type);                              \
		CONCTRACE_FIND_(function, conctrace_call_);                                        \
		if (conctrace_call_)                                                               \
			conctrace_call_(conctrace_object_, conctrace_value_);                      \
	})

/* 1 if the recorder is there, else 0. */
#define CONCTRACE_ACTIVE()                                                                         \
	__extension__({                                                                            \
		const volatile void *conctrace_at_;                                                \
		CONCTRACE_FIND_(conctrace_object_name, conctrace_at_);                             \
		conctrace_at_ ? 1 : 0;                                                             \
	})

#else

#define CONCTRACE_TELL_(function, type, value) ((void)(value))
#define CONCTRACE_TELL_WITH_(function, object, type, value) ((void)(object), (void)(value))
#define CONCTRACE_ACTIVE() 0

#endif

#define CONCTRACE_TELL_OF_(function, object)                                                       \
	CONCTRACE_TELL_(function, const volatile void *, object)

/* Names; each call is one more definition in the trace. The text is copied at once. An object is
 * named while it lives: a lock that later comes to lie at its address has no name. */
#define CONCTRACE_NAME(object, name)                                                               \
	CONCTRACE_TELL_WITH_(conctrace_object_name, object, const char *, name)
#define CONCTRACE_THREAD_NAME(name) CONCTRACE_TELL_(conctrace_thread_name, const char *, name)

/* A stretch of work of this thread. Regions nest; an END is of the BEGIN before it. */
#define CONCTRACE_REGION_BEGIN(name) CONCTRACE_TELL_(conctrace_region_begin, const char *, name)
#define CONCTRACE_REGION_END() CONCTRACE_TELL_(conctrace_region_end, int, 0)

/* All that this thread did before BEFORE(object) comes before what any thread does after a later
 * AFTER(object). BEFORE stands before the store that publishes, AFTER after the load that sees. */
#define CONCTRACE_HAPPENS_BEFORE(object) CONCTRACE_TELL_OF_(conctrace_happens_before, object)
#define CONCTRACE_HAPPENS_AFTER(object) CONCTRACE_TELL_OF_(conctrace_happens_after, object)

/* This thread's accesses to memory are meant as they are; nests. */
#define CONCTRACE_IGNORE_BEGIN() CONCTRACE_TELL_(conctrace_ignore_begin, int, 0)
#define CONCTRACE_IGNORE_END() CONCTRACE_TELL_(conctrace_ignore_end, int, 0)

/*
 * A lock of the program's own; `object` is its address, at which no lock of libc's may lie.
 *
 *   REQUEST          before it waits, if it has to; TIMED_REQUEST if it will not wait for ever
 *   ACQUIRED         when it has the lock, with or without a REQUEST before it
 *   GAVE_UP          when it stops waiting without the lock: every REQUEST ends in one of the two
 *   TRIED            after a try that never waits; `got`: whether it has the lock
 *   RELEASE          before it gives the lock back, however it was taken
 *
 * LOCK: held by one thread. RDLOCK: held by any number of threads, but by none beside a LOCK.
 */
#define CONCTRACE_LOCK_REQUEST(object) CONCTRACE_TELL_OF_(conctrace_lock_request, object)
#define CONCTRACE_LOCK_TIMED_REQUEST(object)                                                       \
	CONCTRACE_TELL_OF_(conctrace_lock_timed_request, object)
#define CONCTRACE_LOCK_ACQUIRED(object) CONCTRACE_TELL_OF_(conctrace_lock_acquired, object)
#define CONCTRACE_LOCK_GAVE_UP(object) CONCTRACE_TELL_OF_(conctrace_lock_gave_up, object)
#define CONCTRACE_LOCK_TRIED(object, got)                                                          \
	CONCTRACE_TELL_WITH_(conctrace_lock_tried, object, int, got)
#define CONCTRACE_RDLOCK_REQUEST(object) CONCTRACE_TELL_OF_(conctrace_rdlock_request, object)
#define CONCTRACE_RDLOCK_TIMED_REQUEST(object)                                                     \
	CONCTRACE_TELL_OF_(conctrace_rdlock_timed_request, object)
#define CONCTRACE_RDLOCK_ACQUIRED(object) CONCTRACE_TELL_OF_(conctrace_rdlock_acquired, object)
#define CONCTRACE_RDLOCK_GAVE_UP(object) CONCTRACE_TELL_OF_(conctrace_rdlock_gave_up, object)
#define CONCTRACE_RDLOCK_TRIED(object, got)                                                        \
	CONCTRACE_TELL_WITH_(conctrace_rdlock_tried, object, int, got)
#define CONCTRACE_LOCK_RELEASE(object) CONCTRACE_TELL_OF_(conctrace_lock_release, object)

#endif
