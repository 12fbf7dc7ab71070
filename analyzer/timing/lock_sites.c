#include "timing/lock_sites.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

/* So many are looked through; of more there is a map. */
enum { FEW = 8 };

static uint64_t key_of(uint32_t process, uint32_t stack)
{
	return (uint64_t)process << 32 | stack;
}

void ct_sites_fini(struct ct_sites *sites)
{
	free(sites->sites);
	ct_map_fini(&sites->at);
	*sites = (struct ct_sites){.sites = NULL};
}

static bool is_site(const struct ct_lock_site *site, uint32_t process, uint32_t stack)
{
	return site->process == process && site->stack == stack;
}

static bool find(const struct ct_sites *sites, uint32_t process, uint32_t stack, size_t *out_index)
{
	uint64_t index;

	for (size_t i = 0; i < sites->count && i < FEW; i++) {
		if (is_site(&sites->sites[i], process, stack)) {
			*out_index = i;
			return true;
		}
	}
	if (sites->count <= FEW || !ct_map_get(&sites->at, key_of(process, stack), &index))
		return false;
	*out_index = (size_t)index;
	return true;
}

static enum ct_status add(struct ct_sites *sites, uint32_t process, uint32_t stack)
{
	enum ct_status status = CT_OK;

	if (!sites->cap) { /* most locks are taken at one place */
		sites->sites = calloc(1, sizeof(*sites->sites));
		if (!sites->sites)
			return CT_ENOMEM;
		sites->cap = 1;
	}
	status = ct_vec_grow(&sites->sites, &sites->cap, sites->count + 1, sizeof(*sites->sites));
	if (status == CT_OK && sites->count >= FEW)
		status = ct_map_put(&sites->at, key_of(process, stack), sites->count);
	if (status)
		return status;
	sites->sites[sites->count] =
		(struct ct_lock_site){.process = process, .stack = stack, .place = ""};
	sites->last = sites->count++;
	return CT_OK;
}

enum ct_status ct_sites_find(struct ct_sites *sites, uint32_t process, uint32_t stack,
			     struct ct_lock_site **out_site)
{
	enum ct_status status = CT_OK;

	if (!sites->count || !is_site(&sites->sites[sites->last], process, stack)) {
		if (!find(sites, process, stack, &sites->last)) {
			if (sites->count >= CT_LOCK_SITES_COUNTED)
				process = stack = 0;
			if (!find(sites, process, stack, &sites->last))
				status = add(sites, process, stack);
		}
	}
	if (status == CT_OK)
		*out_site = &sites->sites[sites->last];
	return status;
}

void ct_places_fini(struct ct_places *places)
{
	ct_map_fini(&places->at);
	free(places->names);
	*places = (struct ct_places){.naming = NULL};
}

static enum ct_status name_place(struct ct_places *places, struct ct_lock_site *site)
{
	uint64_t key = key_of(site->process, site->stack), index;
	enum ct_status status;
	const char *name;

	if (!site->stack || !places->naming)
		return CT_OK;
	if (ct_map_get(&places->at, key, &index)) {
		site->place = places->names[index];
		return CT_OK;
	}
	name = ct_name_place(places->naming, site->process, site->stack);
	status = ct_vec_grow(&places->names, &places->cap, places->count + 1,
			     sizeof(*places->names));
	if (status == CT_OK)
		status = ct_map_put(&places->at, key, places->count);
	if (status)
		return status;
	site->place = places->names[places->count++] = name ? name : "";
	return CT_OK;
}

static int by_waiting(const void *left, const void *right)
{
	const struct ct_lock_site *a = left, *b = right;

	if (a->wait_ns != b->wait_ns)
		return a->wait_ns > b->wait_ns ? -1 : 1;
	if (a->acquisitions != b->acquisitions)
		return a->acquisitions > b->acquisitions ? -1 : 1;
	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return (a->stack > b->stack) - (a->stack < b->stack);
}

static bool is_same_place(const struct ct_lock_site *a, const struct ct_lock_site *b)
{
	return *a->place && strcmp(a->place, b->place) == 0;
}

/* One line of the program may be reached by many ways, and in many processes. */
static size_t join_same(struct ct_lock_site *sites, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t at = 0;

		while (at < kept && !is_same_place(&sites[at], &sites[i]))
			at++;
		if (at == kept) {
			sites[kept++] = sites[i];
			continue;
		}
		sites[at].acquisitions += sites[i].acquisitions;
		sites[at].contended += sites[i].contended;
		sites[at].wait_ns += sites[i].wait_ns;
		sites[at].hold_ns += sites[i].hold_ns;
	}
	return kept;
}

enum ct_status ct_sites_show(struct ct_sites *sites, struct ct_places *places,
			     struct ct_timing_lock *lock)
{
	size_t shown = sites->count < CT_LOCK_SITES ? sites->count : CT_LOCK_SITES;

	if (!sites->count)
		return CT_OK;
	qsort(sites->sites, sites->count, sizeof(*sites->sites), by_waiting);
	for (size_t i = 0; i < shown; i++) {
		enum ct_status status = name_place(places, &sites->sites[i]);

		if (status)
			return status;
	}
	lock->sites_left_out = sites->count - shown;
	lock->site_count = join_same(sites->sites, shown);
	qsort(sites->sites, lock->site_count, sizeof(*sites->sites), by_waiting);
	lock->sites = sites->sites;
	sites->sites = NULL;
	return CT_OK;
}
