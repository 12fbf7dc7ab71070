#include "model/machine_code.h"

#include <Zydis/Zydis.h>

enum { RUN_MAX = 64 };
#define CODE_BYTES_MAX (1UL << 20)

/* Places that hold a value: a bit for each general register, and each vector register. The flags
 * are none: compilers compare and jump by what the program may not ask for. */
#define VECTOR_SHIFT 16
#define REGISTER_BIT(name) (UINT64_C(1) << (ZYDIS_REGISTER_##name - ZYDIS_REGISTER_RAX))

struct instruction {
	uint64_t address;
	ZydisDecodedInstruction decoded;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
};

/* What an instruction takes and gives. */
struct effect {
	uint64_t takes, gives; /* places */
	uint64_t points;       /* places that addresses of memory are computed from */
	bool stores;
	bool keeps; /* stores to the stack */
};

static bool decode(const struct ct_machine_code *code, uint64_t address, struct instruction *out)
{
	uint64_t offset = address - code->start;
	ZydisDecoder decoder;

	out->address = address;
	return offset < code->length &&
	       ZYAN_SUCCESS(ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64,
					     ZYDIS_STACK_WIDTH_64)) &&
	       ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, code->bytes + offset,
						   code->length - offset, &out->decoded,
						   out->operands));
}

static uint64_t end_of(const struct instruction *at)
{
	return at->address + at->decoded.length;
}

static uint64_t place_of(ZydisRegister name)
{
	name = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, name);
	if (name >= ZYDIS_REGISTER_RAX && name <= ZYDIS_REGISTER_R15)
		return UINT64_C(1) << (name - ZYDIS_REGISTER_RAX);
	if (name >= ZYDIS_REGISTER_ZMM0 && name <= ZYDIS_REGISTER_ZMM31)
		return UINT64_C(1) << (VECTOR_SHIFT + name - ZYDIS_REGISTER_ZMM0);
	return 0;
}

static bool is_on_stack(const ZydisDecodedOperandMem *memory)
{
	return memory->base == ZYDIS_REGISTER_RSP || memory->base == ZYDIS_REGISTER_RBP;
}

static void add_memory(const ZydisDecodedOperand *operand, struct effect *effect)
{
	uint64_t places = place_of(operand->mem.base) | place_of(operand->mem.index);

	if (operand->mem.type != ZYDIS_MEMOP_TYPE_MEM) {
		effect->takes |= places; /* lea and the like */
		return;
	}
	effect->points |= places;
	if (!(operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
		return;
	effect->keeps |= is_on_stack(&operand->mem);
	effect->stores |= !is_on_stack(&operand->mem);
}

static struct effect effect_of(const struct instruction *at)
{
	struct effect effect = {0};

	for (unsigned int i = 0; i < at->decoded.operand_count; i++) {
		const ZydisDecodedOperand *operand = &at->operands[i];

		if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY)
			add_memory(operand, &effect);
		if (operand->type != ZYDIS_OPERAND_TYPE_REGISTER)
			continue;
		if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_READ)
			effect.takes |= place_of(operand->reg.value);
		if (operand->actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			effect.gives |= place_of(operand->reg.value);
	}
	return effect;
}

static bool ends_run(const struct instruction *at)
{
	switch (at->decoded.meta.category) {
	case ZYDIS_CATEGORY_CALL:
	case ZYDIS_CATEGORY_COND_BR:
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_UNCOND_BR:
		return true;
	default:
		return false;
	}
}

/* Vector instructions that only move a value or compute with it. */
static bool is_plain_vector(const struct instruction *at)
{
	switch (at->decoded.mnemonic) {
	case ZYDIS_MNEMONIC_ADDSD:
	case ZYDIS_MNEMONIC_ADDSS:
	case ZYDIS_MNEMONIC_COMISD:
	case ZYDIS_MNEMONIC_COMISS:
	case ZYDIS_MNEMONIC_DIVSD:
	case ZYDIS_MNEMONIC_DIVSS:
	case ZYDIS_MNEMONIC_MULSD:
	case ZYDIS_MNEMONIC_MULSS:
	case ZYDIS_MNEMONIC_SUBSD:
	case ZYDIS_MNEMONIC_SUBSS:
	case ZYDIS_MNEMONIC_UCOMISD:
	case ZYDIS_MNEMONIC_UCOMISS:
		return true;
	default:
		return at->decoded.meta.category == ZYDIS_CATEGORY_DATAXFER ||
		       at->decoded.meta.category == ZYDIS_CATEGORY_CONVERT;
	}
}

/* "or eax, eax", "and eax, 7": one value alone. */
static bool is_of_one_value(const struct instruction *at)
{
	return at->operands[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE ||
	       (at->operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		at->operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		at->operands[0].reg.value == at->operands[1].reg.value);
}

/* Whether the instruction may choose among values: what it takes may be dropped then, as a value
 * that the program did not ask for. "*p = done || flag" is made of "done | flag". */
static bool may_drop(const struct instruction *at, const struct effect *effect, uint64_t values)
{
	uint64_t taken = effect->takes & values;

	switch (at->decoded.mnemonic) {
	case ZYDIS_MNEMONIC_ADC:
	case ZYDIS_MNEMONIC_ANDN:
	case ZYDIS_MNEMONIC_SBB:
		return true;
	case ZYDIS_MNEMONIC_AND:
	case ZYDIS_MNEMONIC_IMUL:
	case ZYDIS_MNEMONIC_MUL:
	case ZYDIS_MNEMONIC_OR:
		return !is_of_one_value(at);
	default:
		break;
	}
	if (at->decoded.meta.category == ZYDIS_CATEGORY_CMOV)
		return true;
	return (taken | effect->gives) & ~UINT64_C(0xffff) && !is_plain_vector(at);
}

static bool is_fence(const struct instruction *at)
{
	if (at->decoded.mnemonic == ZYDIS_MNEMONIC_MFENCE ||
	    at->decoded.attributes & ZYDIS_ATTRIB_HAS_LOCK)
		return true;
	return at->decoded.mnemonic == ZYDIS_MNEMONIC_XCHG && effect_of(at).stores;
}

static bool is_prefetch(const struct instruction *at)
{
	return at->decoded.meta.category == ZYDIS_CATEGORY_PREFETCH ||
	       at->decoded.meta.category == ZYDIS_CATEGORY_NOP ||
	       at->decoded.meta.category == ZYDIS_CATEGORY_WIDENOP;
}

/* Arguments as the System V ABI for x86-64 passes them, section 3.2.3. gcc keeps values there also
 * over a call to a function of the same file, if that one leaves them alone. */
static void hand_over(const struct instruction *at, const struct effect *effect, uint64_t values,
		      struct ct_machine_access *out)
{
	const uint64_t arguments = REGISTER_BIT(RDI) | REGISTER_BIT(RSI) | REGISTER_BIT(RDX) |
				   REGISTER_BIT(RCX) | REGISTER_BIT(R8) | REGISTER_BIT(R9) |
				   UINT64_C(0xff) << VECTOR_SHIFT;
	ZyanU64 callee;

	if (at->decoded.meta.category != ZYDIS_CATEGORY_CALL)
		return;
	if (!(values & (arguments | effect->takes)))
		return;
	if (values & effect->takes ||
	    !ZYAN_SUCCESS(
		    ZydisCalcAbsoluteAddress(&at->decoded, &at->operands[0], at->address, &callee)))
		out->used = true;
	else
		out->handed_to = callee;
}

/* "xor eax, eax": no value, though the register is read. */
static bool is_zero(const struct instruction *at)
{
	return (at->decoded.mnemonic == ZYDIS_MNEMONIC_XOR ||
		at->decoded.mnemonic == ZYDIS_MNEMONIC_SUB ||
		at->decoded.mnemonic == ZYDIS_MNEMONIC_PXOR ||
		at->decoded.mnemonic == ZYDIS_MNEMONIC_XORPS) &&
	       at->operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       at->operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       at->operands[0].reg.value == at->operands[1].reg.value;
}

/* Follows the value that `access` reads, from register to register, until it is known to be used,
 * or a jump comes. */
static void follow_value(const struct ct_machine_code *code, const struct instruction *access,
			 struct ct_machine_access *out)
{
	struct instruction at = *access;
	uint64_t values = 0;

	for (int i = 0; i < RUN_MAX; i++) {
		struct effect effect = effect_of(&at);
		bool taken = i == 0 || (effect.takes & values && !is_zero(&at));

		if (effect.points & values && !is_prefetch(&at))
			out->used = true;
		if (taken && effect.stores)
			out->used = true;
		hand_over(&at, &effect, values, out);
		if (out->used || ends_run(&at))
			return;
		/* What is kept on the stack may be dropped after a jump. */
		if (taken && (effect.keeps || may_drop(&at, &effect, values)))
			return;
		values = (values & ~effect.gives) | (taken ? effect.gives : 0);
		if (!values || !decode(code, end_of(&at), &at))
			return;
	}
}

static bool is_fenced(const struct ct_machine_code *code, const struct instruction *access)
{
	struct instruction at = *access;

	for (int i = 0; i < RUN_MAX && !ends_run(&at); i++) {
		if (!decode(code, end_of(&at), &at))
			return false;
		if (is_fence(&at))
			return true;
	}
	return false;
}

/* The instruction that contains the byte. */
static bool find_access(const struct ct_machine_code *code, uint64_t byte, struct instruction *out)
{
	if (code->length > CODE_BYTES_MAX || byte - code->start >= code->length)
		return false;
	for (uint64_t next = code->start; decode(code, next, out); next = end_of(out)) {
		if (byte < end_of(out))
			return true;
	}
	return false;
}

bool ct_machine_access(const struct ct_machine_code *code, uint64_t address,
		       struct ct_machine_access *out)
{
	struct instruction access;

	if (!find_access(code, address - 1, &access))
		return false;
	*out = (struct ct_machine_access){.fenced = is_fenced(code, &access)};
	follow_value(code, &access, out);
	return true;
}
