#include "model/plain.h"

#include <stdlib.h>

#include "format/ct_access.h"
#include "format/ct_trap.h"
#include "model/plain_side.h"

#define SOURCE_BYTES_MAX (UINT64_C(1) << 29)

/* What is left to be looked at, where nothing proves an access to be plain. */
#define NOT_BY_FUNCTION                                                                            \
	"neither access is made by an atomic function, a macro or assembly: machine code does "    \
	"not tell; see these lines"
#define NOT_ATOMIC                                                                                 \
	"neither access is atomic, which machine code does not tell: see whether the source has "  \
	"_Atomic, std::atomic or an atomic function there"

#define NOT_THE_OTHER                                                                              \
	"one access is atomic, by the source, and the other one is not, which machine code does "  \
	"not tell: see its line"

enum ct_status ct_plain_new(struct ct_symbols *symbols, struct ct_plain **out_plain)
{
	struct ct_plain *plain = calloc(1, sizeof(*plain));
	enum ct_status status;

	if (!plain)
		return CT_ENOMEM;
	plain->symbols = symbols;
	plain->budget = SOURCE_BYTES_MAX;
	status = ct_sources_new(NULL, &plain->sources);
	if (status) {
		free(plain);
		return status;
	}
	*out_plain = plain;
	return CT_OK;
}

void ct_plain_free(struct ct_plain *plain)
{
	if (!plain)
		return;
	ct_sources_free(plain->sources);
	free(plain);
}

static bool is_pure_read(const struct ct_plain_access *access)
{
	return !(access->kind & (CT_ACCESS_WRITE | CT_CAUGHT_LOCKED));
}

/* Where an access begins, comparable between the two: shared memory has the same offset in its page
 * in each process. */
static uint64_t begin_of(const struct ct_plain_access sides[2], int i)
{
	return sides[0].process == sides[1].process ? sides[i].address : sides[i].address % 4096;
}

/* A compiler may read neighbours along with what it is asked for: of what is read, all has to be
 * written by the other one. */
static bool is_covered(const struct ct_plain_access sides[2], int read)
{
	const struct ct_plain_access *reader = &sides[read], *writer = &sides[!read];
	uint64_t start = begin_of(sides, read), from = begin_of(sides, !read);

	return reader->size && start >= from && start - from < writer->size &&
	       reader->size <= writer->size - (start - from);
}

/* NULL: the two are a race without doubt, if one of them is plain. */
static const char *doubt_of_reads(const struct ct_plain_access accesses[2],
				  const struct ct_plain_side sides[2])
{
	for (int i = 0; i < 2; i++) {
		if (!is_pure_read(&accesses[i]))
			continue;
		if (sides[i].retried)
			return "what is read is used, and not thrown away and read again, as with "
			       "a sequence lock";
		if (!sides[i].needed || !is_covered(accesses, i))
			return "the source does read it there, and uses it: compilers may read "
			       "what is not asked for";
	}
	return NULL;
}

void ct_plain_judge(struct ct_plain *plain, const struct ct_plain_access sides[2],
		    struct ct_plain_verdict *out)
{
	struct ct_plain_side known[2];
	bool proven, atomic, one_said, both_said;

	for (int i = 0; i < 2; i++)
		known[i] = ct_plain_side_of(plain, &sides[i]);
	proven = known[0].plainness == CT_PLAIN_PROVEN || known[1].plainness == CT_PLAIN_PROVEN;
	atomic = known[0].plainness == CT_PLAIN_ATOMIC || known[1].plainness == CT_PLAIN_ATOMIC;
	one_said = known[0].said_atomic || known[1].said_atomic;
	both_said = known[0].said_atomic && known[1].said_atomic;
	*out = (struct ct_plain_verdict){.told = proven || !(atomic || both_said),
					 .typed = !one_said &&
						  (known[0].plain_memory || known[1].plain_memory),
					 .sides = {known[0].plainness, known[1].plainness}};
	if (!out->told)
		return;
	if (proven)
		out->reason = doubt_of_reads(sides, known);
	else if (one_said)
		out->reason = NOT_THE_OTHER;
	else
		out->reason = out->typed ? NOT_BY_FUNCTION : NOT_ATOMIC;
	out->observed = !out->reason;
}
