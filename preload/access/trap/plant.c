#include "access/trap/plant.h"

#include <sys/mman.h>

#include "sys/kernel.h"

#define PAGE 4096u
/* Writing takes microseconds, but who writes may have to wait for a processor. */
#define PATIENCE_NS 1000000000u
#define GIVE_WAY_NS 100000u

static struct ct_sites *sites; /* NULL: none are planted yet */
static uint32_t writing;       /* 1: a thread is changing code */
static uint32_t frozen;
static uint32_t standing; /* traps that stand in the code */
static uint32_t random_state;

static bool begin_writing(void)
{
	uint32_t expected = 0;

	if (!sites || ct_plant_is_frozen() ||
	    !__atomic_compare_exchange_n(&writing, &expected, 1, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_RELAXED))
		return false;
	/* who freezes looks at `writing` next: one of the two sees the other */
	if (!__atomic_load_n(&frozen, __ATOMIC_SEQ_CST))
		return true;
	__atomic_store_n(&writing, 0, __ATOMIC_RELEASE);
	return false;
}

/* Who is writing may be waiting for a processor, which a thread that meets trap after trap takes.
 */
static void give_way(void)
{
	if (__atomic_load_n(&writing, __ATOMIC_RELAXED))
		ct_sys_sleep(GIVE_WAY_NS);
}

static void end_writing(void)
{
	__atomic_store_n(&writing, 0, __ATOMIC_RELEASE);
}

/* It stays executable all the time: other threads are running it. Refused at once where code may
 * not be both (SELinux, systemd), before anything is changed. */
static bool protect(uintptr_t start, uintptr_t end, bool writable)
{
	int access = PROT_READ | PROT_EXEC | (writable ? PROT_WRITE : 0);

	return start >= end || CT_SYS(SYS_mprotect, start, end - start, access, 0, 0, 0) == 0;
}

static bool protect_all(bool writable)
{
	for (size_t i = 0; i < sizeof(sites->code) / sizeof(*sites->code); i++)
		if (!protect(sites->code[i].start, sites->code[i].end, writable))
			return false;
	return true;
}

/* The pages are writable. What stands there decides: code that the program has changed is left
 * alone, and a child that was forked amid a change may have the code without the note, or the note
 * without the code. */
static void put(struct ct_site *site, bool trap)
{
	uint8_t *at = (uint8_t *)site->address;
	uint8_t before = trap ? site->original : CT_TRAP_BYTE;

	if (site->length == 0)
		return;
	site->planted = trap;
	if (__atomic_load_n(at, __ATOMIC_RELAXED) != before)
		return;
	__atomic_store_n(at, trap ? CT_TRAP_BYTE : site->original, __ATOMIC_RELAXED);
	standing += trap ? 1 : UINT32_MAX;
}

static bool put_one(struct ct_site *site, bool trap)
{
	uintptr_t page = site->address & ~(uintptr_t)(PAGE - 1);

	if (!protect(page, page + PAGE, true))
		return false;
	put(site, trap);
	return protect(page, page + PAGE, false);
}

static bool put_all(bool trap)
{
	bool done = protect_all(true);

	for (size_t i = 0; done && i < sites->count; i++) {
		if (trap)
			sites->items[i].hits = 0;
		put(&sites->items[i], trap);
	}
	if (done && !trap)
		standing = 0;
	(void)protect_all(false);
	return done;
}

bool ct_plant_begin(struct ct_sites *found)
{
	bool done;

	sites = found;
	ct_sys_random(&random_state, sizeof(random_state));
	random_state |= 1;
	if (!begin_writing())
		return false;
	done = put_all(true);
	end_writing();
	return done;
}

/* Of code that a thread is just executing. */
static bool stands(const struct ct_site *site)
{
	return __atomic_load_n((const uint8_t *)site->address, __ATOMIC_RELAXED) == CT_TRAP_BYTE;
}

bool ct_plant_take_out(struct ct_site *site)
{
	if (!stands(site))
		return true;
	if (!begin_writing()) {
		give_way();
		return false;
	}
	(void)put_one(site, false);
	end_writing();
	return !stands(site);
}

bool ct_plant_clear(void)
{
	bool done = true;

	if (!sites || (!standing && !__atomic_load_n(&writing, __ATOMIC_ACQUIRE)))
		return true;
	if (!begin_writing()) {
		give_way();
		return false;
	}
	if (standing)
		done = put_all(false);
	end_writing();
	return done;
}

bool ct_plant_clear_patiently(void)
{
	uint64_t limit = ct_sys_time() + PATIENCE_NS;

	while (!ct_plant_clear()) {
		if (ct_sys_time() > limit)
			return false;
		ct_sys_yield();
	}
	return true;
}

/* George Marsaglia, "Xorshift RNGs", 2003. */
static uint32_t next_random(void)
{
	uint32_t x = random_state;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return random_state = x;
}

void ct_plant_some(unsigned count)
{
	if (!sites || !sites->count || !begin_writing())
		return;
	for (unsigned tries = count * 8; count && tries; tries--) {
		struct ct_site *site = &sites->items[next_random() % sites->count];

		if (site->planted || site->length == 0)
			continue;
		site->hits = UINT8_MAX - 1;
		(void)put_one(site, true);
		count--;
	}
	end_writing();
}

void ct_plant_again(void)
{
	if (!sites || standing == sites->count || !begin_writing())
		return;
	(void)put_all(true);
	end_writing();
}

/* A child that was forked meanwhile has forgotten all of them. */
static void thaw(void)
{
	uint32_t before = __atomic_load_n(&frozen, __ATOMIC_RELAXED);

	while (before && !__atomic_compare_exchange_n(&frozen, &before, before - 1, false,
						      __ATOMIC_RELEASE, __ATOMIC_RELAXED))
		continue;
}

void ct_plant_freeze(bool begins)
{
	uint64_t limit;

	if (!begins) {
		thaw();
		return;
	}
	limit = ct_sys_time() + PATIENCE_NS;
	__atomic_add_fetch(&frozen, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&writing, __ATOMIC_SEQ_CST) && ct_sys_time() < limit)
		ct_sys_yield();
}

bool ct_plant_is_frozen(void)
{
	return __atomic_load_n(&frozen, __ATOMIC_ACQUIRE);
}

void ct_plant_forget(uintptr_t start, size_t size)
{
	if (!sites)
		return;
	for (size_t i = 0; i < sites->count; i++) {
		struct ct_site *site = &sites->items[i];

		if (site->address - start >= size)
			continue;
		if (site->planted)
			standing--;
		site->planted = site->length = 0;
	}
	for (size_t i = 0; i < sizeof(sites->code) / sizeof(*sites->code); i++)
		if (sites->code[i].start - start < size)
			sites->code[i].start = sites->code[i].end = 0;
}

/* Index of the first site at or behind an address. */
static size_t first_from(uintptr_t address)
{
	size_t low = 0, high = sites->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sites->items[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool ct_plant_covers(uintptr_t address, size_t size)
{
	if (!sites || !ct_sites_has_code(sites, address, size))
		return false;
	for (size_t i = first_from(address); i < sites->count; i++) {
		if (sites->items[i].address - address >= size)
			return false;
		if (sites->items[i].planted)
			return true;
	}
	return false;
}

void ct_plant_forked(void)
{
	if (!sites)
		return;
	if (writing)
		(void)protect_all(false);
	writing = frozen = 0;
}
