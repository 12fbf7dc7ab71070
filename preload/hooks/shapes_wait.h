#ifndef CT_HOOKS_SHAPES_WAIT_H
#define CT_HOOKS_SHAPES_WAIT_H
/* The shapes of shapes.h whose real call may wait: of LOCK, WAIT, TIMED and COND. */
#include "hooks/shapes.h"
#include "hooks/try.h"

/* The wait is a function of its own: what it needs on the stack, the quick way need not set up. */
#define CT_BODY_LOCK(EVENT, name, params, args, object, error_of)                                  \
	static __attribute__((noinline)) int name##_slow(uintptr_t pc, uintptr_t sp,               \
							 CT_INSIDE params)                         \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_call_request_tried(&call, CT_EV_##EVENT, CT_DESTROYED(object),                  \
				      (uintptr_t)(object), 0, pc, sp);                             \
		result = CT_REAL(name) args;                                                       \
		ct_call_complete(&call, error_of(result));                                         \
		return result;                                                                     \
	}                                                                                          \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		ct_sync(CT_EV_##EVENT, (uintptr_t)(object), CT_CALLER);                            \
		uint16_t flags = CT_DESTROYED_AND_LOCKED(object);                                  \
		if (CT_UNLIKELY(CT_TRY_##name args))                                               \
			return name##_slow(CT_CALLER, CT_INSIDE args);                             \
		ct_call_acquired(CT_EV_##EVENT, flags, object, CT_CALLER);                         \
		return 0;                                                                          \
	}

#define CT_BODY_WAIT(EVENT, name, params, args, object, arg, flags, error_of)                      \
	CT_EXPORT int name params                                                                  \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		int result;                                                                        \
		ct_call_request(&call, CT_EV_##EVENT, (flags) | CT_DESTROYED(object),              \
				(uintptr_t)(object), (uintptr_t)(arg), CT_CALLER);                 \
		result = CT_REAL(name) args;                                                       \
		ct_call_complete(&call, error_of(result));                                         \
		return result;                                                                     \
	}

#define CT_SHAPE_V_WAIT(EVENT, name, params, args, object)                                         \
	CT_EXPORT void name params                                                                 \
	{                                                                                          \
		CT_CALL_SCOPE struct ct_call call;                                                 \
		ct_call_request(&call, CT_EV_##EVENT, CT_DESTROYED(object), (uintptr_t)(object),   \
				0, CT_CALLER);                                                     \
		CT_REAL(name) args;                                                                \
		ct_call_complete(&call, 0);                                                        \
	}

/* E event, n name, p parameters, a arguments, o object */
#define CT_SHAPE_LOCK(E, n, p, a, o) CT_BODY_LOCK(E, n, p, a, o, CT_SELF)
#define CT_SHAPE_E_LOCK(E, n, p, a, o) CT_BODY_LOCK(E, n, p, a, o, ct_errno_of)
#define CT_SHAPE_T_LOCK(E, n, p, a, o) CT_BODY_LOCK(E, n, p, a, o, ct_thrd_error)
#define CT_SHAPE_WAIT(E, n, p, a, o) CT_BODY_WAIT(E, n, p, a, o, 0, 0, CT_SELF)
#define CT_SHAPE_T_WAIT(E, n, p, a, o) CT_BODY_WAIT(E, n, p, a, o, 0, 0, ct_thrd_error)
#define CT_SHAPE_TIMED(E, n, p, a, o) CT_BODY_WAIT(E, n, p, a, o, 0, CT_F_TIMED, CT_SELF)
#define CT_SHAPE_E_TIMED(E, n, p, a, o) CT_BODY_WAIT(E, n, p, a, o, 0, CT_F_TIMED, ct_errno_of)
#define CT_SHAPE_T_TIMED(E, n, p, a, o) CT_BODY_WAIT(E, n, p, a, o, 0, CT_F_TIMED, ct_thrd_error)
#define CT_BODY_COND(E, n, p, a, o, flags, error_of)                                               \
	CT_BODY_WAIT(E, n, p, a, o, m, (flags) | CT_DESTROYED(m), error_of)
#define CT_SHAPE_COND(E, n, p, a, o) CT_BODY_COND(E, n, p, a, o, 0, CT_SELF)
#define CT_SHAPE_TIMED_COND(E, n, p, a, o) CT_BODY_COND(E, n, p, a, o, CT_F_TIMED, CT_SELF)
#define CT_SHAPE_T_COND(E, n, p, a, o) CT_BODY_COND(E, n, p, a, o, 0, ct_thrd_error)
#define CT_SHAPE_T_TIMED_COND(E, n, p, a, o) CT_BODY_COND(E, n, p, a, o, CT_F_TIMED, ct_thrd_error)

#endif
