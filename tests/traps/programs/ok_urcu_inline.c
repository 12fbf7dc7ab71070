/* Userspace RCU with its functions inlined into the program, and rcu_assign_pointer.
 * libs: -lurcu -lurcu-common
 * needs: urcu.h
 * tsan: no
 */
#define _LGPL_SOURCE 1
#include <urcu.h>
#include <urcu/rculist.h>

#include "trial.h"

enum { CHANGES = 300, LOOKS = 3000 };

struct route {
	struct cds_list_head link;
	int from, to;
};

static CDS_LIST_HEAD(routes);
static struct route *best;

static void look(void)
{
	struct route *route;
	const struct route *seen;

	rcu_read_lock();
	cds_list_for_each_entry_rcu(route, &routes, link) trial_check(route->to == route->from + 1);
	seen = rcu_dereference(best);
	trial_check(!seen || seen->to == seen->from + 1);
	rcu_read_unlock();
}

static void change(int from)
{
	struct route *route = malloc(sizeof(*route));

	if (!route)
		abort();
	route->from = from;
	route->to = from + 1;
	cds_list_add_rcu(&route->link, &routes);
	rcu_assign_pointer(best, route);
	synchronize_rcu();
	rcu_assign_pointer(best, NULL);
	cds_list_del_rcu(&route->link);
	synchronize_rcu();
	free(route);
}

static void *work(void *number)
{
	rcu_register_thread();
	if (trial_number(number) == 0)
		for (int i = 0; i < CHANGES; i++)
			change(i);
	else
		for (int i = 0; i < LOOKS; i++)
			look();
	rcu_unregister_thread();
	return NULL;
}

int main(void)
{
	trial_run(2, work);
	return trial_end();
}
