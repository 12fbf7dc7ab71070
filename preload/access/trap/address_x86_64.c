#include "access/trap/site.h"

enum { DIRECTION_FLAG = 1 << 10 };

static uintptr_t register_value(const ucontext_t *context, uint8_t number)
{
	return number < NGREG ? (uintptr_t)context->uc_mcontext.gregs[number] : 0;
}

/* movs and stos. Their counter says how often; downwards is not what compilers emit. */
static unsigned string_accesses(const struct ct_site *site, const ucontext_t *context,
				struct ct_site_access out[2])
{
	uint64_t bytes = site->size;
	unsigned count = 0;

	if (site->flags & CT_SITE_REPEATED) {
		uint64_t times = register_value(context, REG_RCX);

		if (times == 0 || times > UINT32_MAX / bytes ||
		    (register_value(context, REG_EFL) & DIRECTION_FLAG))
			return 0;
		bytes *= times;
	}
	if (site->flags & CT_SITE_COPIES)
		out[count++] = (struct ct_site_access){register_value(context, REG_RSI),
						       (uint32_t)bytes, CT_SITE_READS};
	out[count++] = (struct ct_site_access){register_value(context, REG_RDI), (uint32_t)bytes,
					       CT_SITE_WRITES};
	return count;
}

unsigned ct_site_accesses(const struct ct_site *site, const ucontext_t *context,
			  struct ct_site_access out[2])
{
	uintptr_t address = site->absolute;

	if (site->flags & (CT_SITE_COPIES | CT_SITE_REPEATED))
		return string_accesses(site, context, out);
	if (!address)
		address = register_value(context, site->base) +
			  register_value(context, site->index) * site->scale +
			  (uintptr_t)(intptr_t)site->displacement;
	out[0] = (struct ct_site_access){address, site->size,
					 site->flags &
						 (CT_SITE_READS | CT_SITE_WRITES | CT_SITE_LOCKED)};
	return 1;
}

uintptr_t ct_context_pc(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
}

uintptr_t ct_context_sp(const ucontext_t *context)
{
	return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
}

void ct_context_set_pc(ucontext_t *context, uintptr_t pc)
{
	context->uc_mcontext.gregs[REG_RIP] = (greg_t)pc;
}
