/*
 * Whether data races can be caught by traps: on this machine, and in a program's code.
 * docs/trapped-races.md. What forbids traps is decided by the recorder (preload/access/trap), when
 * it runs; here it is told beforehand, as far as files tell.
 */
#include <Zydis/Zydis.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "cli/elf_section.h"

/* Decoding from elsewhere comes in step with the instructions after a few of them. */
enum { IN_STEP_BYTES = 256 };

/* Private, executable pages of a file: what code that gets traps lies in. */
static bool code_can_be_written(int *out_error)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	void *code = MAP_FAILED;
	bool can;

	if (file >= 0)
		code = mmap(NULL, page, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0);
	can = code != MAP_FAILED && mprotect(code, page, PROT_READ | PROT_WRITE | PROT_EXEC) == 0;
	*out_error = errno;
	if (can) { /* SELinux minds when such a page is executed after it was written to */
		*(volatile char *)code = *(volatile char *)code;
		can = mprotect(code, page, PROT_READ | PROT_EXEC) == 0;
		*out_error = errno;
	}
	if (code != MAP_FAILED)
		munmap(code, page);
	if (file >= 0)
		close(file);
	return can;
}

static bool has_watchpoints(int *out_error)
{
	static uint64_t watched;
	struct perf_event_attr attr = {
		.type = PERF_TYPE_BREAKPOINT,
		.size = sizeof(attr),
		.bp_type = HW_BREAKPOINT_RW,
		.bp_addr = (uintptr_t)&watched,
		.bp_len = sizeof(watched),
		.sample_period = 1,
		.disabled = 1,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.inherit = 1,
		.inherit_thread = 1,
		.sigtrap = 1,
		.remove_on_exec = 1,
	};
	long event = syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

	*out_error = errno;
	if (event >= 0)
		close((int)event);
	return event >= 0;
}

static const char *why_no_watchpoints(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "perf is forbidden here: sysctl kernel.perf_event_paranoid=2 allows it, "
		       "unless a container's seccomp filter forbids it";
	case EINVAL:
		return "the kernel is older than 5.13";
	case ENOSYS:
		return "the kernel has no perf events, or a seccomp filter hides them";
	case ENOSPC:
		return "all are in use";
	default:
		return strerror(error);
	}
}

void ct_doctor_traps(struct ct_doctor *doctor)
{
	static const char without[] = "data races are looked for only in programs that \"conctrace "
				      "cc\" built";
	void *decoder = dlopen(CT_ZYDIS_SONAME, RTLD_LAZY | RTLD_LOCAL);
	int error;

	if (!decoder) {
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "%s is not here (apt install libzydis4.0): %s", CT_ZYDIS_SONAME,
			      without);
		return;
	}
	dlclose(decoder);
	if (!code_can_be_written(&error)) {
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "code may not be written to here (%s), as traps need it: %s",
			      strerror(error), without);
		return;
	}
	if (has_watchpoints(&error))
		ct_doctor_say(doctor, CT_DOCTOR_GOOD,
			      "code can get traps, so that data races are caught in any program");
	else
		ct_doctor_say(doctor, CT_DOCTOR_NOTE,
			      "code can get traps, but there are no watchpoints: races with code "
			      "that has no traps, such as libc's, are not caught (%s)",
			      why_no_watchpoints(error));
}

static bool is_system_call(ZydisMnemonic mnemonic, const uint8_t *code)
{
	return mnemonic == ZYDIS_MNEMONIC_SYSCALL || mnemonic == ZYDIS_MNEMONIC_SYSENTER ||
	       (mnemonic == ZYDIS_MNEMONIC_INT && code[1] == 0x80);
}

static bool looks_like_one(const uint8_t *code)
{
	return (code[0] == 0x0f && (code[1] == 0x05 || code[1] == 0x34)) ||
	       (code[0] == 0xcd && code[1] == 0x80);
}

/* Whether an instruction begins at `at`, and makes a system call. */
static bool makes_call(const ZydisDecoder *decoder, const uint8_t *code, size_t size, size_t at)
{
	size_t from = at > IN_STEP_BYTES ? at - IN_STEP_BYTES : 0;
	ZydisDecodedInstruction instruction;

	while (from <= at) {
		bool good = ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(
			decoder, ZYAN_NULL, code + from, size - from, &instruction));

		if (from == at)
			return good && is_system_call(instruction.mnemonic, code + at);
		from += good ? instruction.length : 1;
	}
	return false;
}

/* The address of the first system call in a section's code. */
static bool find_call(const ZydisDecoder *decoder, const Elf_Data *data, uint64_t address,
		      uint64_t *out)
{
	const uint8_t *code = data->d_buf;

	for (size_t at = 0; code && at + 1 < data->d_size; at++) {
		if (!looks_like_one(code + at) || !makes_call(decoder, code, data->d_size, at))
			continue;
		*out = address + at;
		return true;
	}
	return false;
}

static bool has_call(Elf *elf, uint64_t *out)
{
	Elf_Scn *section = NULL;
	ZydisDecoder decoder;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_PROGBITS ||
		    !(header.sh_flags & SHF_EXECINSTR))
			continue;
		data = elf_rawdata(section, NULL);
		if (data && find_call(&decoder, data, header.sh_addr, out))
			return true;
	}
	return false;
}

static bool has_unwind_tables(Elf *elf)
{
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count; i++) {
		GElf_Phdr segment;

		if (gelf_getphdr(elf, (int)i, &segment) && segment.p_type == PT_GNU_EH_FRAME)
			return true;
	}
	return false;
}

bool ct_doctor_takes_traps(Elf *elf, struct ct_text *out_why)
{
	uint64_t address;

	if (!has_unwind_tables(elf))
		ct_text_add(out_why, "it has no unwind tables, which say where functions begin "
				     "(leave out -fno-asynchronous-unwind-tables)");
	else if (ct_elf_has_section(elf, "__rseq_cs"))
		ct_text_add(out_why, "its code has restartable sequences");
	else if (has_call(elf, &address))
		ct_text_addf(out_why,
			     "its code makes system calls itself (at 0x%" PRIx64 "), so that it "
			     "may block signals unseen",
			     address);
	else
		return true;
	return false;
}
