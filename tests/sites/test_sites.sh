#!/usr/bin/env bash
# Finding the instructions that get traps. What is found in programs of several compilers, and in
# large ones where they are installed, is compared with objdump; then what keeps traps away.
# Usage: test_sites.sh LIST_SITES.so
set -u
list=$1
here=$CT_SOURCE/tests/sites
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failed=0

fail() {
	echo "$*"
	failed=1
}

programs=()
build() { # NAME COMPILER OPTION...
	local name=$1 compiler=$2
	shift 2
	command -v "$compiler" >/dev/null || return 0
	"$compiler" -w "$@" "$here/program.c" -o "$name" || fail "$name: does not compile"
	programs+=("./$name")
}

for compiler in "$CT_CC" clang; do
	kind=${compiler##*/}
	for level in 0 1 2 3; do
		build "$kind-O$level" "$compiler" "-O$level"
	done
	build "$kind-fixed" "$compiler" -O2 -no-pie -fno-pie
	build "$kind-native" "$compiler" -O3 -march=haswell
	build "$kind-frame" "$compiler" -O2 -fno-omit-frame-pointer
	build "$kind-one" "$compiler" -O2 -Wl,-z,noseparate-code -Wl,-z,norelro
done
strip "./${CT_CC##*/}-O2"

"$CT_PYTHON" -B "$here/check_sites.py" "$list" "${programs[@]}" /bin/ls /usr/bin/redis-server \
	/usr/bin/python3 /usr/bin/sqlite3 /usr/bin/pbzip2 || fail "objdump sees it otherwise"

# What ct_sites_find() answers for a program of this text: NAME WHY OPTION...
answers() {
	local name=$1 why=$2
	shift 2
	"$CT_CC" -w -O1 "$@" -x c - -o "$name" || fail "$name: does not compile"
	timeout 20 env CT_LIST=find "LD_PRELOAD=$list" "./$name" >said
	grep -q " why $why " said || fail "$name: not $why: $(cat said)"
}

answers plain 0 <<<'int a; int main(void) { return a++; }'
# ct_trap.h: CT_TRAP_SYSTEM_CALLS, _NO_TABLES, _RSEQ
answers calls 5 <<<'int a; int main(void) { __asm__("syscall" : : "a"(39) : "rcx", "r11"); return a++; }'
answers old_calls 5 <<<'int a; int main(void) { __asm__("int $0x80" : : "a"(20)); return a++; }'
answers within 0 <<<'int a; int main(void) { return a += 0x340f050f; }'
answers outside 5 <<<'int a; int main(void) { return a++; }
__asm__(".text\n.globl bare\nbare: syscall\nret");'
answers tables 2 -Wl,--no-eh-frame-hdr <<<'int a; int main(void) { return a++; }'
answers few 2 <<<'int a; int main(void) { return a++; }
__asm__(".text\n.globl bare\nbare: .fill 8000, 1, 0x90\nret");'
answers rseq 6 <<<'int a; int main(void) { return a++; }
__asm__(".section __rseq_cs,\"a\"\n.quad 0\n.text");'

# A function gets no trap if its bytes are not all instructions. NAME FUNCTION COUNT OPTION...
sites_of() {
	local name=$1 function=$2 wanted=$3
	shift 3
	local address count
	"$CT_CC" -w -O1 -no-pie -fno-pie "$@" -x c - -o "$name" || fail "$name: does not compile"
	address=$(nm "$name" | sed -n "s/^0*\([0-9a-f]*\) . $function\$/\1/p")
	count=$(timeout 20 env "LD_PRELOAD=$list" "./$name" | sed -n "s/^function $address [0-9]* //p")
	[ "$count" = "$wanted" ] || fail "$name: $count sites instead of $wanted"
}

sites_of whole f 1 <<<'int a; void f(void) { a++; } int main(void) { f(); return 0; }'
sites_of lock f 2 <<<'int a; void f(void) { a++;
	__asm__ volatile("je 1f\nlock\n1: incl %0" : "+m"(a)); } int main(void) { f(); return 0; }'
# The first byte of a long instruction hides what follows it: there, a jump leads into it.
sites_of into f 0 <<<'int a; void f(void) { a++;
	__asm__ volatile("jmp 1f\n.byte 0x48, 0xb8\n1: .fill 8, 1, 0x90"); } int main(void) { f(); return 0; }'
sites_of table f 0 <<<'int a; void f(void) { int b; a++;
	__asm__ volatile("mov 1f(%%rip), %0\njmp 2f\n1: .long 0x90909090\n2:" : "=r"(b)); }
int main(void) { f(); return 0; }'
sites_of privileged f 0 <<<'int a; int f(int b) { a++; if (b) __asm__ volatile("hlt"); return a; }
int main(void) { f(0); return 0; }'
# Data of another function: that one has none, this one its own.
sites_of other g 0 <<<'int a; __attribute__((noipa)) void g(void) { a++;
	__asm__ volatile("jmp 2f\n.globl in_g\nin_g: .long 0x90909090\n2:"); }
int main(void) { extern int in_g; g(); return in_g + a; }'
exit "$failed"
