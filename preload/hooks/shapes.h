#ifndef CT_HOOKS_SHAPES_H
#define CT_HOOKS_SHAPES_H
/*
 * The bodies of regular hooks, by the SHAPE column of hooks.def. A shape without E_ is of a call
 * that returns an error number, one with E_ of a call that returns -1 and sets errno.
 *
 *   BEFORE   event, real call, failure record if it failed      (gives something away)
 *   AFTER    real call, event or failure record                 (gets something, never waits)
 *   TRY      as AFTER, for the try variants of LOCK
 *   RELEASE  as BEFORE, and the lock is no longer held
 *   LOCK     tries first, since what succeeds at once needs no request; else request, real call,
 *            completion. The result is the same: see the CT_TRY_ macros
 *   WAIT     request, real call, completion
 *   TIMED    as WAIT, with a time limit
 *   COND     as WAIT, with the mutex as the event's argument; TIMED_COND likewise
 */
#include "hooks/call.h"
#include "hooks/real.h"
#include "hooks/try.h"

#define CT_SHAPE_CUSTOM(EVENT, name, params, args, object)

#define CT_SHAPE_BEFORE(EVENT, name, params, args, object)                                         \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int error;                                                                         \
		ct_call_event(CT_EV_##EVENT, 0, (uintptr_t)(object), 0, CT_CALLER);                \
		error = CT_REAL(name) args;                                                        \
		if (CT_UNLIKELY(error))                                                            \
			ct_call_failed(CT_EV_##EVENT, 0, (uintptr_t)(object), error, CT_CALLER);   \
		return error;                                                                      \
	}

#define CT_SHAPE_E_BEFORE(EVENT, name, params, args, object)                                       \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int result;                                                                        \
		ct_call_event(CT_EV_##EVENT, 0, (uintptr_t)(object), 0, CT_CALLER);                \
		result = CT_REAL(name) args;                                                       \
		if (CT_UNLIKELY(result))                                                           \
			ct_call_failed(CT_EV_##EVENT, 0, (uintptr_t)(object), ct_errno_of(result), \
				       CT_CALLER);                                                 \
		return result;                                                                     \
	}

#define CT_SHAPE_RELEASE(EVENT, name, params, args, object)                                        \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int error;                                                                         \
		ct_call_releases(CT_EV_##EVENT, object, (uintptr_t)__builtin_return_address(0));   \
		error = CT_REAL(name) args;                                                        \
		if (CT_UNLIKELY(error))                                                            \
			ct_call_failed(CT_EV_##EVENT, 0, (uintptr_t)(object), error, CT_CALLER);   \
		return error;                                                                      \
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

#define CT_SHAPE_TRY(EVENT, name, params, args, object)                                            \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int error = CT_REAL(name) args;                                                    \
		ct_call_tried(CT_EV_##EVENT, CT_F_TRY, object, error, CT_CALLER);                  \
		return error;                                                                      \
	}

#define CT_SHAPE_E_TRY(EVENT, name, params, args, object)                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		int result = CT_REAL(name) args;                                                   \
		ct_call_tried(CT_EV_##EVENT, CT_F_TRY, object, ct_errno_of(result), CT_CALLER);    \
		return result;                                                                     \
	}

#define CT_INSIDE(...) __VA_ARGS__

/* The wait is a function of its own: what it needs on the stack, the quick way need not set up. */
#define CT_BODY_LOCK(EVENT, name, params, args, object, error_of)                                  \
	static __attribute__((noinline)) int name##_slow(uintptr_t pc, uintptr_t sp,               \
							 CT_INSIDE params)                         \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_call_request(&call, CT_EV_##EVENT, 0, (uintptr_t)(object), 0, pc, sp);          \
		result = CT_REAL(name) args;                                                       \
		ct_call_complete(&call, error_of(result));                                         \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		if (CT_UNLIKELY(CT_TRY_##name args))                                               \
			return name##_slow(CT_CALLER, CT_INSIDE args);                             \
		ct_call_acquired(CT_EV_##EVENT, 0, object, CT_CALLER);                             \
		return 0;                                                                          \
	}

#define CT_SELF(result) (result)
#define CT_SHAPE_LOCK(EVENT, name, params, args, object)                                           \
	CT_BODY_LOCK(EVENT, name, params, args, object, CT_SELF)
#define CT_SHAPE_E_LOCK(EVENT, name, params, args, object)                                         \
	CT_BODY_LOCK(EVENT, name, params, args, object, ct_errno_of)

#define CT_BODY_WAIT(EVENT, name, params, args, object, arg, flags, error_of)                      \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_call_request(&call, CT_EV_##EVENT, flags, (uintptr_t)(object),                  \
				(uintptr_t)(arg), CT_CALLER);                                      \
		result = CT_REAL(name) args;                                                       \
		ct_call_complete(&call, error_of(result));                                         \
		return result;                                                                     \
	}

#define CT_SHAPE_WAIT(EVENT, name, params, args, object)                                           \
	CT_BODY_WAIT(EVENT, name, params, args, object, 0, 0, CT_SELF)
#define CT_SHAPE_TIMED(EVENT, name, params, args, object)                                          \
	CT_BODY_WAIT(EVENT, name, params, args, object, 0, CT_F_TIMED, CT_SELF)
#define CT_SHAPE_E_TIMED(EVENT, name, params, args, object)                                        \
	CT_BODY_WAIT(EVENT, name, params, args, object, 0, CT_F_TIMED, ct_errno_of)
#define CT_SHAPE_COND(EVENT, name, params, args, object)                                           \
	CT_BODY_WAIT(EVENT, name, params, args, object, m, 0, CT_SELF)
#define CT_SHAPE_TIMED_COND(EVENT, name, params, args, object)                                     \
	CT_BODY_WAIT(EVENT, name, params, args, object, m, CT_F_TIMED, CT_SELF)

#endif
