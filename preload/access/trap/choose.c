#include "access/trap/choose.h"

#include <string.h>

#include "sys/kernel.h"

enum { LARGEST = 1 << 20, REFERENCES = 1024, CLOCK_EVERY = 16 };

static const size_t none = SIZE_MAX;

/* What is needed while functions are decoded, in memory of its own. */
struct work {
	const struct ct_decoder *decoder;
	const struct ct_module *module;
	struct ct_functions *functions;
	struct ct_site_list *list;
	size_t reference_count;
	uintptr_t references[REFERENCES]; /* data within other functions */
	/* A bit for each byte of the function: instructions begin there; jumps lead there. */
	uint64_t starts[LARGEST / 64 + 1], targets[LARGEST / 64 + 1];
};

static void set_bit(uint64_t *bits, size_t index)
{
	bits[index / 64] |= (uint64_t)1 << (index % 64);
}

static bool is_in(const struct ct_function *function, uintptr_t address)
{
	return address - function->start < function->size;
}

/* An instruction that names a place in code as if it were data: a table, between or within
 * functions. In this one: false. */
static bool take_reference(struct work *work, const struct ct_function *function, uintptr_t target)
{
	const struct ct_function *other;

	if (target == function->start || !ct_module_is_code(work->module, target))
		return true;
	if (is_in(function, target))
		return false;
	other = ct_functions_at(work->functions, target);
	if (other && other->start != target && work->reference_count < REFERENCES)
		work->references[work->reference_count++] = target;
	return true;
}

static bool is_wanted(const struct work *work, const struct ct_site *site)
{
	if (!site->absolute)
		return true;
	if (site->relative && (site->absolute < work->module->whole.start ||
			       site->absolute >= work->module->whole.end))
		return false;
	return !ct_module_is_constant(work->module, site->absolute);
}

/* The store that was last seen is fenced if a fence comes before any other access. */
static void take_fence(struct ct_site_list *list, size_t *store, uint32_t flags)
{
	if (!(flags & (CT_INSTRUCTION_FENCE | CT_INSTRUCTION_MEMORY)))
		return;
	if ((flags & CT_INSTRUCTION_FENCE) && *store != none)
		list->items[*store].flags |= CT_SITE_FENCED;
	*store = none;
}

static bool add_site(struct ct_site_list *list, const struct ct_site *site, size_t *store)
{
	if (list->count == list->most)
		return false;
	if ((site->flags & (CT_SITE_READS | CT_SITE_WRITES | CT_SITE_LOCKED)) == CT_SITE_WRITES)
		*store = list->count;
	list->items[list->count++] = *site;
	return true;
}

/* Every jump within the function leads to the beginning of an instruction: what was decoded is what
 * is executed. */
static bool jumps_fit(const struct work *work, size_t size)
{
	for (size_t i = 0; i <= size / 64; i++) {
		if (work->targets[i] & ~work->starts[i])
			return false;
	}
	return true;
}

static void remove_over_frame(struct ct_site_list *list, size_t first)
{
	size_t kept = first;

	for (size_t i = first; i < list->count; i++) {
		if (!ct_decode_is_over_frame(&list->items[i]))
			list->items[kept++] = list->items[i];
	}
	list->count = kept;
}

/* False: something is odd about the function, or there are enough sites. */
static bool decode_function(struct work *work, const struct ct_function *function)
{
	struct ct_site_list *list = work->list;
	size_t first = list->count, store = none;
	bool has_frame = false;
	struct ct_instruction in;

	memset(work->starts, 0, (function->size / 64 + 1) * sizeof(*work->starts));
	memset(work->targets, 0, (function->size / 64 + 1) * sizeof(*work->targets));
	for (size_t at = 0; at < function->size; at += in.length) {
		const uint8_t *code = (const uint8_t *)function->start + at;

		if (!ct_decode(work->decoder, code, function->size - at, &in))
			return false;
		set_bit(work->starts, at);
		if (in.flags & CT_INSTRUCTION_PREFIXED)
			set_bit(work->starts, at + 1);
		if ((in.flags & CT_INSTRUCTION_JUMPS) && is_in(function, in.target))
			set_bit(work->targets, in.target - function->start);
		if ((in.flags & CT_INSTRUCTION_REFERS) &&
		    !take_reference(work, function, in.target))
			return false;
		has_frame |= (in.flags & CT_INSTRUCTION_SETS_FRAME) != 0;
		take_fence(list, &store, in.flags);
		if ((in.flags & CT_INSTRUCTION_SITE) && is_wanted(work, &in.site) &&
		    !add_site(list, &in.site, &store))
			return false;
	}
	if (has_frame)
		remove_over_frame(list, first);
	return jumps_fit(work, function->size);
}

static void take_function(struct work *work, struct ct_function *function)
{
	size_t first = work->list->count;

	if (!decode_function(work, function))
		work->list->count = first;
	function->first = (uint32_t)first;
	function->count = (uint32_t)(work->list->count - first);
}

/* What this thread has computed: that others keep the processors busy is no reason to find less. */
static uint64_t processor_time(void)
{
	struct timespec time = {0};

	CT_SYS(SYS_clock_gettime, CLOCK_THREAD_CPUTIME_ID, &time, 0, 0, 0, 0);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void decode_at_random(struct work *work, uint32_t *order, uint64_t time_ns)
{
	uint64_t end = processor_time() + time_ns, random;
	size_t count = work->functions->count;

	ct_sys_random(&random, sizeof(random));
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	for (size_t i = 0; i < count && work->list->count < work->list->most; i++) {
		size_t other;
		uint32_t index;

		if (i % CLOCK_EVERY == 0 && processor_time() > end)
			return;
		/* Knuth, "The Art of Computer Programming", volume 2: a linear congruence. */
		random = random * 6364136223846793005u + 1442695040888963407u;
		other = i + (size_t)((random >> 32) % (count - i));
		index = order[other];
		order[other] = order[i];
		take_function(work, &work->functions->items[index]);
	}
}

bool ct_choose(const struct ct_decoder *decoder, const struct ct_module *module,
	       struct ct_functions *functions, uint64_t time_ns, struct ct_site_list *list)
{
	size_t order_size = functions->count * sizeof(uint32_t);
	struct work *work = ct_sys_map(-1, sizeof(*work) + order_size);

	if (!work)
		return false;
	work->decoder = decoder;
	work->module = module;
	work->functions = functions;
	work->list = list;
	decode_at_random(work, (uint32_t *)(work + 1), time_ns);
	for (size_t i = 0; i < work->reference_count; i++) {
		struct ct_function *function = ct_functions_at(functions, work->references[i]);

		if (function)
			function->count = 0;
	}
	ct_sys_unmap(work, sizeof(*work) + order_size);
	return true;
}

/* Whether the bytes at `place` are an instruction of the function that calls the system. */
static bool is_call(const struct ct_decoder *decoder, const struct ct_function *function,
		    uintptr_t place)
{
	struct ct_instruction in;

	for (uintptr_t at = function->start; at <= place; at += in.length) {
		if (!ct_decode(decoder, (const uint8_t *)at, function->start + function->size - at,
			       &in))
			return true;
		if (place - at < in.length)
			return (in.flags & CT_INSTRUCTION_SYSTEM_CALL) != 0;
	}
	return false;
}

bool ct_choose_calls_system(const struct ct_decoder *decoder, const struct ct_module *module,
			    const struct ct_functions *functions)
{
	for (unsigned i = 0; i < module->code_count; i++) {
		const uint8_t *at = (const uint8_t *)module->code[i].start;
		const uint8_t *end = (const uint8_t *)module->code[i].end;

		for (at = ct_decode_system_call(at, end); at != end;
		     at = ct_decode_system_call(at + 1, end)) {
			const struct ct_function *function =
				ct_functions_at(functions, (uintptr_t)at);

			/* A segment has constants as well, a section is all code. */
			if (function ? is_call(decoder, function, (uintptr_t)at)
				     : module->knows_sections)
				return true;
		}
	}
	return false;
}
