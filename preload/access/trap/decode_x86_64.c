#include "access/trap/decode.h"

#include <Zydis/Zydis.h>
#include <dlfcn.h>
#include <emmintrin.h>
#include <string.h>

/* Of ucontext_t's gregs, as Zydis numbers the registers of 64 bits. */
static const uint8_t registers[] = {
	REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
	REG_R8,	 REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15,
};

/* Nothing can be there: what compilers make of a null pointer. */
enum { FIRST_PAGES = 0x10000 };

_Static_assert(sizeof(ZydisDecoder) <= sizeof(((struct ct_decoder *)0)->state),
	       "the decoder's state fits");

typedef ZyanStatus (*init_function)(ZydisDecoder *, ZydisMachineMode, ZydisStackWidth);
typedef ZyanStatus (*instruction_function)(const ZydisDecoder *, ZydisDecoderContext *,
					   const void *, ZyanUSize, ZydisDecodedInstruction *);
typedef ZyanStatus (*operands_function)(const ZydisDecoder *, const ZydisDecoderContext *,
					const ZydisDecodedInstruction *, ZydisDecodedOperand *,
					ZyanU8);
typedef void *(*open_function)(const char *, int);

/* Loaded and not linked: the program must not get a library that it did not ask for when nothing is
 * to be decoded. By libc's function, not our hook: it is none of the program's. */
bool ct_decoder_init(struct ct_decoder *out)
{
	void *open_symbol = dlsym(RTLD_NEXT, "dlopen");
	open_function open_library;
	init_function init;
	void *library, *symbols[3];

	if (!open_symbol)
		return false;
	memcpy(&open_library, &open_symbol, sizeof(open_symbol));
	library = open_library(CT_ZYDIS_SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!library)
		return false;
	symbols[0] = dlsym(library, "ZydisDecoderInit");
	symbols[1] = dlsym(library, "ZydisDecoderDecodeInstruction");
	symbols[2] = dlsym(library, "ZydisDecoderDecodeOperands");
	if (!symbols[0] || !symbols[1] || !symbols[2])
		return false;
	memcpy(&init, &symbols[0], sizeof(init));
	memcpy(&out->instruction, &symbols[1], sizeof(symbols[1]));
	memcpy(&out->operands, &symbols[2], sizeof(symbols[2]));
	return ZYAN_SUCCESS(
		init((ZydisDecoder *)out->state, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64));
}

/* Not in what compilers emit, nor in what a program could execute. */
static bool is_odd(const ZydisDecodedInstruction *in)
{
	switch (in->meta.category) {
	case ZYDIS_CATEGORY_INVALID:
	case ZYDIS_CATEGORY_IO:
	case ZYDIS_CATEGORY_IOSTRINGOP:
	case ZYDIS_CATEGORY_SYSRET:
		return true;
	default:
		return (in->attributes & ZYDIS_ATTRIB_IS_PRIVILEGED) ||
		       in->meta.branch_type == ZYDIS_BRANCH_TYPE_FAR;
	}
}

/* Instructions with a memory operand whose access is another than the operand says, or that cannot
 * run elsewhere. */
static bool is_left_out(const ZydisDecodedInstruction *in)
{
	switch (in->meta.category) {
	case ZYDIS_CATEGORY_PUSH:
	case ZYDIS_CATEGORY_POP:
	case ZYDIS_CATEGORY_NOP:
	case ZYDIS_CATEGORY_WIDENOP:
	case ZYDIS_CATEGORY_PREFETCH:
	case ZYDIS_CATEGORY_PREFETCHWT1:
	case ZYDIS_CATEGORY_X87_ALU:
	case ZYDIS_CATEGORY_FCMOV:
	case ZYDIS_CATEGORY_XSAVE:
	case ZYDIS_CATEGORY_XSAVEOPT:
	case ZYDIS_CATEGORY_MPX:
	case ZYDIS_CATEGORY_CET:
	case ZYDIS_CATEGORY_SYSTEM:
	case ZYDIS_CATEGORY_VTX:
	case ZYDIS_CATEGORY_SGX:
	case ZYDIS_CATEGORY_SEGOP:
	case ZYDIS_CATEGORY_AMX_TILE:
	case ZYDIS_CATEGORY_AVX2GATHER:
	case ZYDIS_CATEGORY_GATHER:
	case ZYDIS_CATEGORY_SCATTER:
	case ZYDIS_CATEGORY_CLDEMOTE:
	case ZYDIS_CATEGORY_CLFLUSHOPT:
	case ZYDIS_CATEGORY_CLWB:
	case ZYDIS_CATEGORY_CLZERO:
	case ZYDIS_CATEGORY_COMPRESS:
	case ZYDIS_CATEGORY_EXPAND:
	case ZYDIS_CATEGORY_ENQCMD:
	case ZYDIS_CATEGORY_MOVDIR:
	case ZYDIS_CATEGORY_KEYLOCKER:
	case ZYDIS_CATEGORY_KEYLOCKER_WIDE:
	case ZYDIS_CATEGORY_AVX512_4FMAPS:
	case ZYDIS_CATEGORY_AVX512_4VNNIW:
	case ZYDIS_CATEGORY_PADLOCK:
	case ZYDIS_CATEGORY_PCONFIG:
	case ZYDIS_CATEGORY_PT:
	case ZYDIS_CATEGORY_UINTR:
	case ZYDIS_CATEGORY_WAITPKG:
	case ZYDIS_CATEGORY_XOP:
		return true;
	default:
		break;
	}
	switch (in->mnemonic) {
	case ZYDIS_MNEMONIC_CLFLUSH:
	case ZYDIS_MNEMONIC_FXSAVE:
	case ZYDIS_MNEMONIC_FXSAVE64:
	case ZYDIS_MNEMONIC_FXRSTOR:
	case ZYDIS_MNEMONIC_FXRSTOR64:
	case ZYDIS_MNEMONIC_VMASKMOVPS:
	case ZYDIS_MNEMONIC_VMASKMOVPD:
	case ZYDIS_MNEMONIC_VPMASKMOVD:
	case ZYDIS_MNEMONIC_VPMASKMOVQ:
		return true;
	default:
		return false;
	}
}

static uint8_t register_index(ZydisRegister name)
{
	if (name >= ZYDIS_REGISTER_RAX && name <= ZYDIS_REGISTER_R15)
		return registers[name - ZYDIS_REGISTER_RAX];
	return CT_SITE_NO_REGISTER;
}

static uint8_t action_flags(ZydisOperandActions actions)
{
	return (uint8_t)((actions & ZYDIS_OPERAND_ACTION_MASK_READ ? CT_SITE_READS : 0) |
			 (actions & ZYDIS_OPERAND_ACTION_MASK_WRITE ? CT_SITE_WRITES : 0));
}

/* movs and stos. */
static bool decode_string(const ZydisDecodedInstruction *in, struct ct_site *site)
{
	switch (in->mnemonic) {
	case ZYDIS_MNEMONIC_MOVSB:
	case ZYDIS_MNEMONIC_MOVSW:
	case ZYDIS_MNEMONIC_MOVSD:
	case ZYDIS_MNEMONIC_MOVSQ:
		site->flags = CT_SITE_WRITES | CT_SITE_COPIES;
		break;
	case ZYDIS_MNEMONIC_STOSB:
	case ZYDIS_MNEMONIC_STOSW:
	case ZYDIS_MNEMONIC_STOSD:
	case ZYDIS_MNEMONIC_STOSQ:
		site->flags = CT_SITE_WRITES;
		break;
	default:
		return false;
	}
	for (unsigned i = 0; i < in->raw.prefix_count; i++) {
		if (in->raw.prefixes[i].value == 0xf2)
			return false;
		if (in->raw.prefixes[i].value == 0xf3)
			site->flags |= CT_SITE_REPEATED;
	}
	site->base = REG_RDI;
	site->index = CT_SITE_NO_REGISTER;
	site->size = in->opcode & 1 ? in->operand_width / 8 : 1;
	return true;
}

/* The one memory operand that is written in the instruction; NULL: it has none, or others too. */
static const ZydisDecodedOperand *memory_operand(const ZydisDecodedInstruction *in,
						 const ZydisDecodedOperand *operands)
{
	const ZydisDecodedOperand *found = NULL;

	for (unsigned i = 0; i < in->operand_count; i++) {
		const ZydisDecodedOperand *operand = &operands[i];

		if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
		    operand->reg.value >= ZYDIS_REGISTER_ES &&
		    operand->reg.value <= ZYDIS_REGISTER_GS)
			return NULL;
		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY)
			continue;
		if (found || operand->visibility != ZYDIS_OPERAND_VISIBILITY_EXPLICIT ||
		    operand->mem.type != ZYDIS_MEMOP_TYPE_MEM)
			return NULL;
		found = operand;
	}
	return found;
}

/* A bit string: the register with the number of the bit leads to other memory than the operand. */
static bool is_bit_string(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *operands)
{
	switch (in->mnemonic) {
	case ZYDIS_MNEMONIC_BT:
	case ZYDIS_MNEMONIC_BTC:
	case ZYDIS_MNEMONIC_BTR:
	case ZYDIS_MNEMONIC_BTS:
		return operands[1].type == ZYDIS_OPERAND_TYPE_REGISTER;
	default:
		return false;
	}
}

/* Masks leave parts of the operand alone. */
static bool is_masked(const ZydisDecodedInstruction *in)
{
	return in->avx.mask.mode != ZYDIS_MASK_MODE_INVALID &&
	       in->avx.mask.mode != ZYDIS_MASK_MODE_DISABLED;
}

static bool decode_address(const ZydisDecodedInstruction *in, const ZydisDecodedOperandMem *mem,
			   uintptr_t next, struct ct_site *site)
{
	int64_t displacement = mem->disp.has_displacement ? mem->disp.value : 0;

	site->scale = mem->scale;
	site->base = register_index(mem->base);
	site->index = register_index(mem->index);
	if (site->base == REG_RSP ||
	    (mem->index != ZYDIS_REGISTER_NONE && site->index == CT_SITE_NO_REGISTER))
		return false;
	if (mem->base == ZYDIS_REGISTER_RIP) {
		site->absolute = next + (uintptr_t)displacement;
		site->relative = in->raw.disp.offset;
		return site->absolute && in->raw.disp.size == 32;
	}
	if (mem->base != ZYDIS_REGISTER_NONE && site->base == CT_SITE_NO_REGISTER)
		return false;
	if (mem->base == ZYDIS_REGISTER_NONE && mem->index == ZYDIS_REGISTER_NONE) {
		site->absolute = (uintptr_t)displacement;
		return site->absolute >= FIRST_PAGES;
	}
	site->displacement = (int32_t)displacement;
	return site->displacement == displacement;
}

static bool decode_site(const ZydisDecodedInstruction *in, const ZydisDecodedOperand *operands,
			uintptr_t next, struct ct_site *site)
{
	const ZydisDecodedOperand *operand;

	if (in->address_width != 64 ||
	    (in->attributes & (ZYDIS_ATTRIB_HAS_SEGMENT_FS | ZYDIS_ATTRIB_HAS_SEGMENT_GS)))
		return false;
	if (in->meta.category == ZYDIS_CATEGORY_STRINGOP)
		return decode_string(in, site);
	if (in->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE || is_left_out(in) || is_masked(in))
		return false;
	operand = memory_operand(in, operands);
	if (!operand || is_bit_string(in, operands))
		return false;
	site->flags = action_flags(operand->actions);
	site->size = operand->size / 8;
	if ((in->attributes & ZYDIS_ATTRIB_HAS_LOCK) || in->mnemonic == ZYDIS_MNEMONIC_XCHG)
		site->flags |= CT_SITE_LOCKED;
	return site->flags && site->size && site->size <= 64 &&
	       decode_address(in, &operand->mem, next, site);
}

/* mov %rsp,%rbp and lea N(%rsp),%rbp */
static bool sets_frame(const ZydisDecodedInstruction *in)
{
	const struct ZydisDecodedInstructionModRm_ *modrm = &in->raw.modrm;

	if (in->encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY || in->operand_width != 64 ||
	    in->raw.rex.R || in->raw.rex.B || in->raw.rex.X)
		return false;
	if (in->mnemonic == ZYDIS_MNEMONIC_LEA)
		return modrm->mod != 3 && modrm->reg == 5 && modrm->rm == 4 &&
		       in->raw.sib.base == 4 && in->raw.sib.index == 4;
	if (in->mnemonic != ZYDIS_MNEMONIC_MOV || modrm->mod != 3)
		return false;
	return in->opcode == 0x89 ? modrm->reg == 4 && modrm->rm == 5
				  : in->opcode == 0x8b && modrm->reg == 5 && modrm->rm == 4;
}

/* A full fence: compilers put one behind a sequentially consistent store. */
static bool is_fence(const ZydisDecodedInstruction *in, bool memory)
{
	return in->mnemonic == ZYDIS_MNEMONIC_MFENCE || (in->attributes & ZYDIS_ATTRIB_HAS_LOCK) ||
	       (in->mnemonic == ZYDIS_MNEMONIC_XCHG && memory);
}

static bool is_system_call(const ZydisDecodedInstruction *in)
{
	return in->mnemonic == ZYDIS_MNEMONIC_SYSCALL || in->mnemonic == ZYDIS_MNEMONIC_SYSENTER ||
	       (in->mnemonic == ZYDIS_MNEMONIC_INT && in->raw.imm[0].value.u == 0x80);
}

/* Whether it has an operand that is found by ModRM, or is in memory without. */
static bool has_memory(const ZydisDecodedInstruction *in)
{
	if (in->meta.category == ZYDIS_CATEGORY_STRINGOP)
		return true;
	if (in->attributes & ZYDIS_ATTRIB_HAS_MODRM)
		return in->raw.modrm.mod != 3;
	return in->mnemonic == ZYDIS_MNEMONIC_MOV && in->raw.disp.size;
}

static bool is_relative(const ZydisDecodedInstruction *in)
{
	return (in->attributes & ZYDIS_ATTRIB_HAS_MODRM) && in->raw.modrm.mod == 0 &&
	       in->raw.modrm.rm == 5;
}

static uint32_t decode_flags(const ZydisDecodedInstruction *in, bool memory)
{
	uint32_t flags = 0;

	if (memory || in->meta.branch_type != ZYDIS_BRANCH_TYPE_NONE)
		flags |= CT_INSTRUCTION_MEMORY;
	if (is_fence(in, memory))
		flags |= CT_INSTRUCTION_FENCE;
	if (is_system_call(in))
		flags |= CT_INSTRUCTION_SYSTEM_CALL;
	if (sets_frame(in))
		flags |= CT_INSTRUCTION_SETS_FRAME;
	if (in->attributes & ZYDIS_ATTRIB_HAS_LOCK)
		flags |= CT_INSTRUCTION_PREFIXED;
	return flags;
}

bool ct_decode(const struct ct_decoder *decoder, const uint8_t *code, size_t size,
	       struct ct_instruction *out)
{
	const ZydisDecoder *zydis = (const ZydisDecoder *)decoder->state;
	instruction_function instruction = (instruction_function)decoder->instruction;
	operands_function decode_operands = (operands_function)decoder->operands;
	ZydisDecoderContext context;
	ZydisDecodedInstruction in;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	uintptr_t next;
	bool memory;

	if (ZYAN_FAILED(instruction(zydis, &context, code, size, &in)) || is_odd(&in))
		return false;
	next = (uintptr_t)code + in.length;
	memory = has_memory(&in);
	out->length = in.length;
	out->flags = decode_flags(&in, memory);
	out->site = (struct ct_site){
		.address = (uintptr_t)code, .length = in.length, .original = *code};
	if (in.raw.imm[0].is_relative) {
		out->flags |= CT_INSTRUCTION_JUMPS;
		out->target = next + (uintptr_t)in.raw.imm[0].value.s;
	} else if (memory && is_relative(&in)) {
		out->flags |= CT_INSTRUCTION_REFERS;
		out->target = next + (uintptr_t)in.raw.disp.value;
	}
	if (!memory || in.mnemonic == ZYDIS_MNEMONIC_LEA)
		return true;
	if (ZYAN_FAILED(decode_operands(zydis, &context, &in, operands, in.operand_count)))
		return false;
	if (decode_site(&in, operands, next, &out->site))
		out->flags |= CT_INSTRUCTION_SITE;
	return true;
}

bool ct_decode_is_over_frame(const struct ct_site *site)
{
	return !site->absolute && site->base == REG_RBP;
}

static bool is_call_pair(const uint8_t *code)
{
	return (code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x34)) ||
	       (code[0] == 0xcd && code[1] == 0x80);
}

const uint8_t *ct_decode_system_call(const uint8_t *code, const uint8_t *end)
{
	const __m128i escape = _mm_set1_epi8(0x0f), interrupt = _mm_set1_epi8((char)0xcd);
	const __m128i call = _mm_set1_epi8(0x05), enter = _mm_set1_epi8(0x34),
		      number = _mm_set1_epi8((char)0x80);

	for (; end - code > 16; code += 16) {
		__m128i first = _mm_loadu_si128((const __m128i *)(const void *)code);
		__m128i second = _mm_loadu_si128((const __m128i *)(const void *)(code + 1));
		__m128i calls = _mm_and_si128(
			_mm_cmpeq_epi8(first, escape),
			_mm_or_si128(_mm_cmpeq_epi8(second, call), _mm_cmpeq_epi8(second, enter)));
		__m128i interrupts = _mm_and_si128(_mm_cmpeq_epi8(first, interrupt),
						   _mm_cmpeq_epi8(second, number));
		int found = _mm_movemask_epi8(_mm_or_si128(calls, interrupts));

		if (found)
			return code + __builtin_ctz((unsigned)found);
	}
	for (; end - code >= 2; code++) {
		if (is_call_pair(code))
			return code;
	}
	return end;
}
