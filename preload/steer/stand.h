#ifndef CT_STEER_STAND_H
#define CT_STEER_STAND_H
/*
 * The threads of a plan are held at their gates until all are there, then at their stops, and then
 * let go together (docs/steering.md). Nobody is held for good: see the constants of ct_steer.h.
 * Source of the ideas: Joshi, Park, Sen, Naik, "A Randomized Dynamic Program Analysis Technique for
 * Detecting Real Deadlocks", 2009 (threads held before their last lock; thrashing); Cai, Wu, Chan,
 * "ConLock", 2014, and ASN, 2016 (barriers before the outermost).
 */
#include "steer/self.h"

/* Whether the plan can be followed. */
bool ct_stand_plan_is_good(const struct ct_plan *plan);
/* The thread is at a point that may be one of the plan's places. */
void ct_stand_at(struct ct_steer *steer, struct ct_steer_self *self,
		 const struct ct_steer_point *point);

#endif
