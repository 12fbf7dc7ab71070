#include "access/trap/company.h"

#include "access/trap/budget.h"
#include "record/process.h"

/* A thread that was created so short a time ago may be about to begin. */
#define SOON_MS 20u
/* Who creates one often creates more: if that takes long, the first has ended before the last
 * begins. */
#define CREATING_MS 50u

static bool (*find_shared)(uintptr_t address, struct ct_hold_memory *out);

/* When one was created last, by any thread and by this one; 0: never. Several threads may write at
 * once, which at worst holds a thread in vain. */
static uint32_t created_ms;
static __thread uint32_t creates_ms __attribute__((tls_model("initial-exec")));

void ct_company_set_shared(bool (*find)(uintptr_t address, struct ct_hold_memory *out))
{
	find_shared = find;
}

void ct_company_expect(void)
{
	uint32_t now_ms = ct_budget_now_ms();

	creates_ms = created_ms = now_ms ? now_ms : 1;
}

static bool is_since(uint32_t since_ms, uint32_t most_ms)
{
	return since_ms && ct_budget_now_ms() - since_ms < most_ms;
}

bool ct_company_creates(void)
{
	return is_since(creates_ms, CREATING_MS);
}

bool ct_company_begins(void)
{
	return is_since(created_ms, SOON_MS);
}

/* More than one of its threads is recorded now. */
static bool has_threads(const struct ct_process *process)
{
	uint32_t lanes = __atomic_load_n(&process->lanes, __ATOMIC_ACQUIRE), used = 0;

	for (uint32_t i = 0; i < lanes && i < process->lane_cap && used < 2; i++)
		used += __atomic_load_n(&process->lane[i].used, __ATOMIC_RELAXED) != 0;
	return used > 1;
}

static uint64_t space_of(const struct ct_hold_memory *memory)
{
	uint64_t sum = memory->device * UINT64_C(0x9e3779b97f4a7c15);

	sum = ((sum ^ sum >> 32) + memory->inode) * UINT64_C(0xd6e8feb86659fd93);
	return (sum ^ sum >> 32) | CT_COMPANY_OF_PROCESSES;
}

bool ct_company_place(const struct ct_process *process, uintptr_t address,
		      struct ct_held_access *out)
{
	struct ct_hold_memory memory;

	if (find_shared && find_shared(address, &memory)) {
		out->space = space_of(&memory);
		out->start = memory.offset;
		if (__atomic_load_n(&ct_state.session->processes, __ATOMIC_RELAXED) > 1)
			return true;
	} else {
		out->space = (uint64_t)process->image << 32 | process->number;
		out->start = address;
	}
	return has_threads(process) || ct_company_begins();
}
