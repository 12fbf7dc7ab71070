#ifndef CT_STEER_DELAY_H
#define CT_STEER_DELAY_H
/*
 * Random delays, in the manner of probabilistic concurrency testing: each thread has a random
 * priority, which changes at few random points, and one of low priority is late wherever it
 * synchronises, most of all where it holds one thing and is about to ask for another. Without a
 * scheduler of our own, being late is a sleep. Source of the idea: Burckhardt, Kothari, Musuvathi,
 * Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", 2010.
 *
 * What is done depends on the seed, the thread's creation path, how many sync points it has passed,
 * and what it does at this one: never on the time, on addresses or on other threads.
 */
#include "steer/self.h"

void ct_steer_delay(uint64_t seed, struct ct_steer_self *self, const struct ct_steer_point *point);

#endif
