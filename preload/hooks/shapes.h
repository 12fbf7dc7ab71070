#ifndef CT_HOOKS_SHAPES_H
#define CT_HOOKS_SHAPES_H
/*
 * The bodies of regular hooks, by the SHAPE column of hooks.def. How the call tells of an error is
 * the shape's prefix: none: it returns an error number; E_: it returns -1 and sets errno; T_: it
 * returns a thrd_ code, as C11 threads do; V_: it returns nothing. Those that may wait, from LOCK
 * on, are in shapes_wait.h.
 *
 *   BEFORE   event, real call, failure record if it failed      (gives something away)
 *   DESTROY  as BEFORE, of a read-write lock, which gets a mark of it: see destroyed.h
 *   AFTER    real call, event or failure record                 (gets something, never waits)
 *   TRY      as AFTER, for the try variants of LOCK
 *   RELEASE  as BEFORE, and the lock is no longer held
 *   LOCK     tries first, since what succeeds at once needs no request; else request, real call,
 *            completion. The result is the same: see the CT_TRY_ macros
 *   WAIT     request, real call, completion
 *   TIMED    as WAIT, with a time limit
 *   COND     as WAIT, with the mutex as the event's argument; TIMED_COND likewise
 */
#include "hooks/c11.h"
#include "hooks/call.h"
#include "hooks/destroyed.h"
#include "hooks/real.h"

#define CT_SHAPE_CUSTOM(EVENT, name, params, args, object)

/* The error_of of a call that returns an error number. */
#define CT_SELF(result) (result)

#define CT_BODY_BEFORE(EVENT, name, params, args, object, error_of)                                \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int result;                                                                        \
		ct_sync(CT_EV_##EVENT, (uintptr_t)(object), CT_CALLER);                            \
		uint16_t flags = CT_DESTROYED(object);                                             \
		ct_call_event(CT_EV_##EVENT, flags, (uintptr_t)(object), 0, CT_CALLER);            \
		result = CT_REAL(name) args;                                                       \
		if (CT_UNLIKELY(result))                                                           \
			ct_call_failed(CT_EV_##EVENT, flags, (uintptr_t)(object),                  \
				       error_of(result), CT_CALLER);                               \
		return result;                                                                     \
	}

#define CT_SHAPE_V_BEFORE(EVENT, name, params, args, object)                                       \
	CT_EXPORT void name params                                                                 \
	{                                                                                          \
		ct_sync(CT_EV_##EVENT, (uintptr_t)(object), CT_CALLER);                            \
		ct_call_event(CT_EV_##EVENT, CT_DESTROYED(object), (uintptr_t)(object), 0,         \
			      CT_CALLER);                                                          \
		CT_REAL(name) args;                                                                \
	}

#define CT_BODY_RELEASE(EVENT, name, params, args, object, error_of)                               \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int result;                                                                        \
		ct_sync(CT_EV_##EVENT, (uintptr_t)(object), CT_CALLER);                            \
		ct_call_releases(CT_EV_##EVENT, CT_DESTROYED_AND_LOCKED(object), object,           \
				 CT_CALLER);                                                       \
		result = CT_REAL(name) args;                                                       \
		if (CT_UNLIKELY(result))                                                           \
			ct_call_failed(CT_EV_##EVENT, CT_DESTROYED(object), (uintptr_t)(object),   \
				       error_of(result), CT_CALLER);                               \
		return result;                                                                     \
	}

#define CT_SHAPE_AFTER(EVENT, name, params, args, object)                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int error = CT_REAL(name) args;                                                    \
		if (error)                                                                         \
			ct_call_failed(CT_EV_##EVENT, CT_F_TRY, (uintptr_t)(object), error,        \
				       CT_CALLER);                                                 \
		else                                                                               \
			ct_call_event(CT_EV_##EVENT, CT_F_TRY, (uintptr_t)(object), 0, CT_CALLER); \
		return error;                                                                      \
	}

#define CT_BODY_TRY(EVENT, name, params, args, object, error_of)                                   \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int result;                                                                        \
		ct_sync(CT_EV_##EVENT, (uintptr_t)(object), CT_CALLER);                            \
		uint16_t flags = CT_F_TRY | CT_DESTROYED(object);                                  \
		result = CT_REAL(name) args;                                                       \
		ct_call_tried(CT_EV_##EVENT, flags, object, error_of(result), CT_CALLER);          \
		return result;                                                                     \
	}

/* E event, n name, p parameters, a arguments, o object */
#define CT_SHAPE_BEFORE(E, n, p, a, o) CT_BODY_BEFORE(E, n, p, a, o, CT_SELF)
#define CT_SHAPE_E_BEFORE(E, n, p, a, o) CT_BODY_BEFORE(E, n, p, a, o, ct_errno_of)
#define CT_SHAPE_T_BEFORE(E, n, p, a, o) CT_BODY_BEFORE(E, n, p, a, o, ct_thrd_error)
#define CT_SHAPE_RELEASE(E, n, p, a, o) CT_BODY_RELEASE(E, n, p, a, o, CT_SELF)
#define CT_SHAPE_T_RELEASE(E, n, p, a, o) CT_BODY_RELEASE(E, n, p, a, o, ct_thrd_error)
#define CT_SHAPE_TRY(E, n, p, a, o) CT_BODY_TRY(E, n, p, a, o, CT_SELF)
#define CT_SHAPE_E_TRY(E, n, p, a, o) CT_BODY_TRY(E, n, p, a, o, ct_errno_of)
#define CT_SHAPE_T_TRY(E, n, p, a, o) CT_BODY_TRY(E, n, p, a, o, ct_thrd_error)

#endif
