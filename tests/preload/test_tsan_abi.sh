# The calls that compilers put into code compiled with -fsanitize=thread: all that they emit are there,
# each does what it stands for, with and without the recorder, and its record says so.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
sources=$CT_SOURCE/tests/preload/tsan
stub=$(dirname "$CT_LIB")/conctrace/libconctrace-race.a
[ -f "$stub" ] || fail "no stub: $stub"

compilers=
for compiler in gcc clang clang-15 clang-16 clang-17 clang-18 clang-19; do
	! command -v "$compiler" >/dev/null || compilers="$compilers $compiler"
done
cxx() {
	case $1 in
	gcc) echo g++ ;;
	*) echo "${1/clang/clang++}" ;;
	esac
}

# wanted KIND FOLDER: what its dump says of atomics, annotations and accesses, without stacks and
# times, in the form that the programs print
said() {
	"$CT_BIN" dump "$1" | sed -nE '
		s/^\[[^]]*\] p[0-9]+:T[0-9]+ //
		s/ stack=[0-9]+//g
		/^accesses / { s/^accesses //; s/\{//g; s/\} ?/\n/g; s/\n$//; p }
		/^(atomic|conctrace)_/ { s/object=//; s/^(conctrace_ignore_[a-z]*) 0x0/\1/; p }'
}

# Every __tsan_ symbol that the compilers leave open is one of ours, in the stub and in the library.
nm --defined-only "$stub" 2>/dev/null | sed -n 's/.* T //p' | sort -u >"$work/stub"
nm -D --defined-only "$CT_LIB" | sed -n 's/.* T //p' | sort -u >"$work/library"
emitted=0
for compiler in $compilers; do
	volatile="--param=tsan-distinguish-volatile=1"
	[ "$compiler" = gcc ] || volatile="-mllvm -tsan-distinguish-volatile=1 -mllvm -tsan-compound-read-before-write=1"
	for options in -O0 -O1 -O2 -O3 "-O3 -mavx2" "-O2 -mcx16"; do
		# shellcheck disable=SC2086
		"$(cxx "$compiler")" -w $options $volatile -fsanitize=thread -c "$sources/emits.cc" -o "$work/emits.o"
		nm -u "$work/emits.o" | sed -n 's/.* U \(__tsan_.*\)/\1/p' | sort -u >"$work/open"
		[ -s "$work/open" ] || fail "$compiler $options: nothing is instrumented"
		emitted=$((emitted + $(wc -l <"$work/open")))
		for there in stub library; do
			missing=$(comm -23 "$work/open" "$work/$there")
			[ -z "$missing" ] || fail "$compiler $options: not in the $there: $missing"
		done
	done
done
echo "ok: $emitted symbols that$compilers leave open are there"

# Each entry point once, by hand; optimised and not.
for options in -O0 -O2; do
	gcc -Wall -Wextra $options -fno-builtin-printf -iquote "$CT_SOURCE/preload" -c "$sources/entries.c" -o "$work/entries.o"
	"$CT_BIN" cc gcc "$work/entries.o" -o "$work/entries"
	"$work/entries" >/dev/null || fail "entries $options: wrong without the recorder"
	CONCTRACE_OPTIONS="trace=$work/$options" LD_PRELOAD="$CT_LIB" "$work/entries" >"$work/wanted" ||
		fail "entries $options: wrong with the recorder"
	said "$work/$options" >"$work/said"
	cmp -s "$work/wanted" "$work/said" || fail "entries $options: $(diff "$work/wanted" "$work/said" | head)"
done
echo "ok: $(wc -l <"$work/wanted") records of entry points"

# Compiled programs: the results are theirs, and what libc does for them is in the record.
for compiler in gcc clang; do
	command -v $compiler >/dev/null || continue
	for options in -O0 -O2; do
		"$CT_BIN" cc "$(cxx $compiler)" -w $options -mcx16 "$sources/emits.cc" -o "$work/emits" ||
			fail "emits: $compiler $options"
		same 1 "$work/emits" >/dev/null
		"$CT_BIN" cc $compiler $options "$sources/annotated.c" -o "$work/annotated"
		CONCTRACE_OPTIONS="trace=$work/an$compiler$options" LD_PRELOAD="$CT_LIB" "$work/annotated" >"$work/wanted"
		said "$work/an$compiler$options" | grep conctrace_ >"$work/said" || :
		cmp -s "$work/wanted" "$work/said" ||
			fail "annotated $compiler $options: $(diff "$work/wanted" "$work/said" | head)"
		"$CT_BIN" cc $compiler -D_GNU_SOURCE $options "$sources/wraps.c" -o "$work/wraps"
		same 1 setarch -R "$work/wraps" >/dev/null
		CONCTRACE_OPTIONS="trace=$work/wr$compiler$options" LD_PRELOAD="$CT_LIB" "$work/wraps" >"$work/wanted"
		said "$work/wr$compiler$options" | grep ' libc$' >"$work/said"
		cmp -s "$work/wanted" "$work/said" ||
			fail "wraps $compiler $options: $(diff "$work/wanted" "$work/said" | head)"
	done
done
echo "ok: $(wc -l <"$work/wanted") records of functions of libc"

# Waiting leaves few records; a static object's initialisation is a release and an acquire.
for compiler in gcc clang; do
	command -v $compiler >/dev/null || continue
	"$CT_BIN" cc "$(cxx $compiler)" -O2 -pthread "$sources/order.cc" -o "$work/order"
	same 3 "$work/order" >/dev/null
	CONCTRACE_OPTIONS="trace=$work/or$compiler" LD_PRELOAD="$CT_LIB" "$work/order" >/dev/null
	"$CT_BIN" dump "$work/or$compiler" >"$work/dump"
	for event in atomic_load atomic_rmw; do
		count=$(grep -c " $event " "$work/dump" || :)
		[ "$count" -gt 1 ] && [ "$count" -lt 60 ] || fail "order $compiler: $count records of $event"
	done
	guard=$(nm "$work/order" | sed -n 's/^\([0-9a-f]*\) b _ZGVZL3getvE3one$/0x\1/p')
	[ -n "$guard" ] || fail "order $compiler: no guard"
	low=$(printf '%03x' $((guard & 0xfff)))
	grep -q "atomic_store object=0x[0-9a-f]*$low size=1 order=release" "$work/dump" &&
		grep -q "atomic_load object=0x[0-9a-f]*$low size=1 order=acquire" "$work/dump" ||
		fail "order $compiler: the guard at ...$low is not seen: $(grep "$low size" "$work/dump")"
done
echo "ok: loops that wait, and static objects"

# Atomics of libatomic, also where the linker drops the library.
for compiler in gcc clang; do
	command -v $compiler >/dev/null || continue
	for options in "" -Wl,--as-needed; do
		"$CT_BIN" cc "$(cxx $compiler)" -O1 -pthread "$sources/wide.cc" -o "$work/wide" $options -latomic
		same 2 "$work/wide" >/dev/null
		rm -rf "$work/wd"
		CONCTRACE_OPTIONS="trace=$work/wd" LD_PRELOAD="$CT_LIB" "$work/wide" >/dev/null
		"$CT_BIN" dump "$work/wd" >"$work/dump"
		for record in "store 16 release" "load 16 acquire" "rmw 16 seq_cst" "store 24 release" "load 24 acquire"; do
			read -r event size order <<<"$record"
			grep -q " atomic_$event object=0x[0-9a-f]* size=$size order=$order" "$work/dump" ||
				fail "wide $compiler $options: no $record: $(grep ' atomic_' "$work/dump" | head)"
		done
	done
done
echo "ok: atomics of libatomic"

# A plug-in that was linked without the stub finds the functions of the library.
cat >"$work/plugin.c" <<'C'
static _Atomic int word;
int plain;
int enter(void) { return plain++ + word++; }
C
cat >"$work/host.c" <<'C'
#include <dlfcn.h>
int main(int count, char **name)
{
	void *plugin = dlopen(name[count - 1], RTLD_NOW);
	int (*enter)(void);

	if (!plugin)
		return 1;
	*(void **)&enter = dlsym(plugin, "enter");
	return enter() + enter() != 2;
}
C
gcc -fPIC -O1 -fsanitize=thread -c "$work/plugin.c" -o "$work/plugin.o"
gcc -shared "$work/plugin.o" -o "$work/plugin.so"
gcc "$work/host.c" -o "$work/host"
CONCTRACE_OPTIONS="trace=$work/plugged" LD_PRELOAD="$CT_LIB" "$work/host" "$work/plugin.so" ||
	fail "the plug-in does not run"
said "$work/plugged" >"$work/said"
[ "$(grep -c '^r 4' "$work/said")" = 2 ] && [ "$(grep -c '^atomic_rmw' "$work/said")" = 2 ] ||
	fail "plug-in: $(cat "$work/said")"
echo "ok: a plug-in without the stub"
