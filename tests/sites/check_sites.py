#!/usr/bin/env python3
"""
Compares the sites of a program with objdump, an independent decoder: each begins where an
instruction begins, has its length and its memory operand, reads and writes what the instruction
does, and is none of those that must not get a trap.
Usage: check_sites.py LIST_SITES.so PROGRAM... ; programs that are not there are left out.
"""
import os
import re
import subprocess
import sys

READS, WRITES, LOCKED, REPEATED, COPIES, FENCED = 1, 2, 4, 8, 16, 32
NO_REGISTER = 0x7F
# As in ucontext_t.
REGISTERS = {
    "r8": 0, "r9": 1, "r10": 2, "r11": 3, "r12": 4, "r13": 5, "r14": 6, "r15": 7, "rdi": 8,
    "rsi": 9, "rbp": 10, "rbx": 11, "rdx": 12, "rax": 13, "rcx": 14, "rsp": 15, "riz": NO_REGISTER,
}
SIZES = {"BYTE": 1, "WORD": 2, "DWORD": 4, "FWORD": 6, "QWORD": 8, "TBYTE": 10, "XMMWORD": 16,
         "OWORD": 16, "YMMWORD": 32, "ZMMWORD": 64}
LINE = re.compile(r"^\s*([0-9a-f]+):\t((?:[0-9a-f]{2} )+)\s*(?:\t(.*))?$")
MEMORY = re.compile(r"(?:(\w+)(?: PTR| BCST)? )?(?:(\w\w):)?\[([^\]]*)\]|(?:(\w+) PTR )?\b(\w\w):(0x[0-9a-f]+)")
PREFIXES = {"lock", "rep", "repz", "repnz", "notrack", "data16", "cs", "ds", "es", "ss", "bnd",
            "xacquire", "xrelease", "rex", "rex.W", "addr32"}
NEVER = re.compile(r"^(push|pop|call|j|ret|nop|lea\b|prefetch|f(?!xch)|fx|xsave|xrstor|cmps|scas|lods|ins[bwd]|"
                   r"outs|enter|leave|xlat|v?p?gather|v?p?scatter|v?p?maskmov|s[gil]dt|l[gil]dt|invl|clflush|"
                   r"clwb|v?p?compress|v?p?expand|loop)")
# The operand in memory is the first: what becomes of it?
FIRST_READ = {"cmp", "test", "bt", "mul", "imul", "div", "idiv", "ldmxcsr", "vldmxcsr", "verr", "verw"}
FIRST_WRITTEN = re.compile(r"^(v?mov|set|v?stmxcsr|v?pextr|v?extract|vcvtps2ph|movnti|vpmov|kmov|movbe)")


def disassemble(program):
    """address: (length, text)"""
    output = subprocess.run(["objdump", "-d", "-w", "-M", "intel", program], capture_output=True,
                            text=True, check=True).stdout
    found = {}
    for line in output.splitlines():
        match = LINE.match(line)
        if match:
            found[int(match[1], 16)] = (len(match[2].split()), match[3] or "")
    return found


def split_text(text):
    """prefixes, mnemonic, operands, the address that objdump worked out"""
    text, _, remark = text.partition("#")
    words = text.split(None, 1)
    prefixes = []
    while words and (words[0] in PREFIXES or words[0].startswith("rex")):
        prefixes.append(words[0])
        words = words[1].split(None, 1) if len(words) > 1 else []
    if not words:
        return prefixes, "", "", None
    worked_out = remark.split()
    return (prefixes, words[0], words[1].strip() if len(words) > 1 else "",
            int(worked_out[0], 16) if worked_out else None)


def parse_address(inner):
    base, index, scale, displacement = NO_REGISTER, NO_REGISTER, 0, 0
    for part in re.findall(r"[+-]?[^+-]+", inner):
        word = part.lstrip("+-")
        if word.startswith("0x"):
            value = int(word, 16) * (-1 if part[0] == "-" else 1)
            displacement += value - (1 << 64) if value >= 1 << 63 else value
        elif "*" in word:
            index, scale = REGISTERS.get(word.split("*")[0], -1), int(word.split("*")[1])
        elif word != "rip":
            base = REGISTERS.get(word, -1)
    if index == NO_REGISTER:
        scale = 0
    return base, index, scale, displacement


def kinds(mnemonic, prefixes, operands, memory_first):
    if re.match(r"^(movs|stos)[bwdq]?$", mnemonic) and ("es:" in operands):
        flags = WRITES | (COPIES if mnemonic.startswith("movs") else 0)
        return flags | (REPEATED if {"rep", "repz"} & set(prefixes) else 0)
    if mnemonic == "xchg":
        return READS | WRITES | LOCKED
    if "lock" in prefixes:
        return READS | WRITES | LOCKED
    if not memory_first:
        return READS | WRITES if mnemonic == "xadd" else READS
    if mnemonic in FIRST_READ or re.match(r"^v?u?comis|^v?ptest", mnemonic):
        return READS
    return WRITES if FIRST_WRITTEN.match(mnemonic) else READS | WRITES


def compare(site, length, text):
    """What is wrong with a site, None: nothing."""
    address, its_length, flags, size, base, index, scale, displacement, absolute = site
    prefixes, mnemonic, operands, worked_out = split_text(text)
    if length != its_length:
        return "length"
    match = MEMORY.search(operands)
    if not match:
        return "no memory operand"
    string = "es:" in operands and re.match(r"^(movs|stos)", mnemonic)
    if NEVER.match(mnemonic) or "{k" in operands or "fs:" in operands or "gs:" in operands:
        return "must not be a site"
    if mnemonic in ("bt", "bts", "btr", "btc") and not operands.split(",")[1].startswith("0x"):
        return "bit string"
    if flags & ~FENCED != kinds(mnemonic, prefixes, operands,
                                MEMORY.match(operands) is not None):
        return "kind"
    their_size = SIZES.get(match[1] or match[4] or "", None)
    if their_size is not None and their_size != size:
        return "size"
    if string:
        return None if base == REGISTERS["rdi"] else "string"
    if match[6]:
        return None if absolute == int(match[6], 16) else "absolute"
    wanted = parse_address(match[3])
    if wanted[0] == REGISTERS["rsp"]:
        return "stack"
    if "rip" in match[3] or (wanted[0] == NO_REGISTER and wanted[1] == NO_REGISTER):
        where = worked_out if "rip" in match[3] else wanted[3]
        return None if absolute == where else "absolute"
    if (base, index, scale if index != NO_REGISTER else 0, displacement) != wanted:
        return "address"
    return None


def list_sites(library, program):
    output = subprocess.run([program], capture_output=True, text=True, check=True, timeout=100,
                            env={**os.environ, "LD_PRELOAD": library}).stdout
    sites, functions = [], []
    for line in output.splitlines():
        words = line.split()
        if words[0] == "function":
            functions.append((int(words[1], 16), int(words[2]), int(words[3])))
        elif words[0] != "rseq":
            sites.append((int(words[0], 16), *(int(word) for word in words[1:8]),
                          int(words[8], 16)))
    return sites, functions


def left_out(sites, functions, code):
    """Instructions that have a memory operand and yet are no sites, by mnemonic: for people."""
    known = {site[0] for site in sites}
    counts = {}
    for start, size, count in functions:
        if not count:
            continue
        for address in range(start, start + size):
            if address not in code or address in known:
                continue
            mnemonic, operands, worked_out = split_text(code[address][1])[1:]
            if (MEMORY.search(operands) and not NEVER.match(mnemonic) and "rsp" not in operands and
                    "rbp" not in operands and not worked_out):
                counts[mnemonic] = counts.get(mnemonic, 0) + 1
                counts.setdefault("example " + mnemonic, hex(address) + " " + code[address][1])
    return counts


def check(library, program):
    code = disassemble(program)
    sites, functions = list_sites(library, program)
    wrong = 0
    for site in sites:
        length, text = code.get(site[0], (0, "not an instruction"))
        fault = compare(site, length, text)
        if fault:
            wrong += 1
            if wrong <= 20:
                print(f"{program}: {site[0]:x}: {fault}: {text!r} {site}")
    print(f"{program}: {len(sites)} sites in {len(functions)} functions, {wrong} wrong")
    if os.environ.get("CT_LEFT_OUT"):
        for word, count in left_out(sites, functions, code).items():
            print("   ", word, count)
    return wrong == 0 and sites


def main():
    programs = [program for program in sys.argv[2:] if os.path.exists(program)]
    good = [check(sys.argv[1], program) for program in programs]
    sys.exit(0 if good and all(good) else 1)


if __name__ == "__main__":
    main()
