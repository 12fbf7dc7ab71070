# conctrace.h: what a program says of itself is in the trace, and changes nothing; however it was
# compiled and linked, the recorder is found when it is there.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

same 20 "$CT_PROGRAMS/annotate_events"

# what the events say: thread, event, flags, error; objects as their distance from the first one
CONCTRACE_OPTIONS="trace=$work/events" LD_PRELOAD="$CT_LIB" "$CT_PROGRAMS/annotate_events" >/dev/null
"$CT_BIN" dump "$work/events" >"$work/dump"
base=$(sed -n 's/.* object_name .* object=0x\([0-9a-f]*\) name=lock of mine$/\1/p' "$work/dump")
[ -n "$base" ] || fail "no name: $(grep name= "$work/dump")"
sed -nE 's/^\[[^]]*\] (p[0-9]+:T[0-9]+) (conctrace_[a-z_]+|failed) (.*)/\1 \2 \3/p' "$work/dump" |
	sed -E 's/ stack=[0-9]+//; s/ (conctrace_region_begin|conctrace_ignore_[a-z]+|conctrace_region_end) object=[^ ]*/ \1/' |
	while read -r line; do
		object=$(echo "$line" | sed -nE 's/.* object=0x([0-9a-f]+).*/\1/p')
		[ -z "$object" ] || line="${line/0x$object/$((0x$object - 0x$base))}"
		echo "${line//conctrace_/}"
	done >"$work/said"
cat >"$work/wanted" <<'EVENTS'
p1:T1 lock object=0 flags=request
p1:T1 lock object=0 flags=blocked
p1:T1 failed object=1 error=16 call=lock flags=try
p1:T1 lock object=1 flags=try
p1:T1 unlock object=1
p1:T1 unlock object=0
p1:T1 lock object=0 flags=request,timed
p1:T1 failed object=0 error=110 call=lock flags=blocked,timed
p1:T1 lock object=0
p1:T1 unlock object=0
p1:T1 failed object=0 error=110 call=lock
p1:T1 unlock object=0
p1:T1 rdlock object=0 flags=request
p1:T1 rdlock object=1 flags=request
p1:T1 rdlock object=1 flags=blocked
p1:T1 rdlock object=0 flags=blocked
p1:T1 failed object=0 error=16 call=rdlock flags=try
p1:T1 unlock object=1
p1:T1 unlock object=0
p1:T1 rdlock object=1 flags=request,timed
p1:T1 failed object=1 error=110 call=rdlock flags=blocked,timed
p1:T1 lock object=0 flags=request
p1:T1 lock object=8 flags=request
p1:T1 lock object=9 flags=request
p1:T1 lock object=10 flags=request
p1:T1 lock object=17
p1:T1 lock object=16
p1:T1 lock object=15
p1:T1 lock object=14
p1:T1 lock object=13
p1:T1 failed object=10 error=125 call=lock flags=blocked
p1:T1 failed object=9 error=125 call=lock flags=blocked
p1:T1 failed object=8 error=125 call=lock flags=blocked
p1:T1 lock object=0 flags=blocked
p1:T1 unlock object=17
p1:T1 unlock object=16
p1:T1 unlock object=15
p1:T1 unlock object=14
p1:T1 unlock object=13
p1:T1 unlock object=0
p1:T1 happens_before object=2
p1:T2 happens_after object=2
p1:T2 region_begin
p1:T2 region_end
p1:T2 region_begin
p1:T2 region_end
p1:T2 region_begin
p1:T2 region_end
p1:T2 ignore_begin
p1:T2 ignore_end
p2:T1 region_begin
p2:T1 region_end
EVENTS
cmp -s "$work/wanted" "$work/said" || fail "events: $(diff "$work/wanted" "$work/said")"
sed -nE 's/.* (p[0-9]+ (object|thread)_name) .* name=(.*)$/\1 \3/p' "$work/dump" >"$work/names"
cat >"$work/wanted" <<'NAMES'
p1 object_name lock of mine
p1 thread_name a name that is longer than sixteen
p1 thread_name other
p1 object_name work
p2 object_name child's
p2 object_name work
NAMES
cmp -s "$work/wanted" "$work/names" || fail "names: $(diff "$work/wanted" "$work/names")"
echo "ok: events and names"

# orders and hangs of a program's own locks
same 5 "$CT_PROGRAMS/annotate_locks" order
status=0
"$CT_BIN" run -o "$work/order" "$CT_PROGRAMS/annotate_locks" order >/dev/null 2>"$work/err" || status=$?
[ $status = 66 ] || fail "order: status $status"
"$CT_BIN" report "$work/order" >"$work/out" || :
grep -q '^error\[lock-order\]: forth (T2) takes `ledger` then `journal`; back (T3) takes `journal` then `ledger`' \
	"$work/out" || fail "order: $(head -5 "$work/out")"
for how in sleep cond spin; do
	status=0
	"$CT_BIN" run -o "$work/$how" "$CT_PROGRAMS/annotate_locks" hang $how \
		>/dev/null 2>"$work/err" || status=$?
	[ $status = 66 ] || fail "hang $how: status $status: $(head -5 "$work/err")"
	# whichever comes first
	grep '^error\[deadlock\]: ' "$work/err" >"$work/out" || :
	grep -q 'waits for `ledger` held by forth (T2)' "$work/out" &&
		grep -q 'waits for `journal` held by back (T3)' "$work/out" ||
		fail "hang $how: $(head -5 "$work/err")"
done
echo "ok: orders and hangs"

# active WANTED COMMAND...: how the header found the recorder
active() {
	wanted=$1
	shift
	[ "$(LD_PRELOAD="$CT_LIB" CONCTRACE_OPTIONS="dir=$work/active" "$@" 2>&1)" = "$wanted" ] ||
		fail "the recorder is found wrongly: $built"
	[ "$("$@")" = 0 ] || fail "the recorder is found where it is not: $built"
}

links=0
source=$CT_SOURCE/tests/preload/programs/annotate_events.c
cat >"$work/library.c" <<C
#include "$CT_SOURCE/preload/conctrace.h"
int is_active(void);
int is_active(void) { return CONCTRACE_ACTIVE(); }
C
cat >"$work/user.c" <<'C'
#include <stdio.h>
int is_active(void);
int main(void) { return printf("%d\n", is_active()) < 0; }
C
for compiler in gcc clang; do
	command -v $compiler >/dev/null || continue
	for linker in bfd gold lld; do
		command -v ld.$linker >/dev/null || continue
		for options in "-O0 -fPIE -pie" "-O2 -fPIE -pie" "-O0 -fno-pie -no-pie" \
			"-O2 -fno-pie -no-pie" "-O2 -fPIE -no-pie -Wl,-z,now" "-static" \
			"-O2 -fno-pie -no-pie -DCONCTRACE_DISABLE"; do
			built="$compiler $linker $options"
			# shellcheck disable=SC2086
			$compiler -fuse-ld=$linker -D_GNU_SOURCE $options -pthread -o "$work/a.out" "$source" 2>"$work/err" ||
				fail "$built: $(tail -3 "$work/err")"
			case $options in
			-static) active 0 "$work/a.out" active ;;
			*DISABLE) active 0 "$work/a.out" active ;;
			*) active 1 "$work/a.out" active ;;
			esac
			links=$((links + 1))
		done
		built="$compiler $linker shared library"
		$compiler -fuse-ld=$linker -O2 -fPIC -shared -Wl,-z,defs -o "$work/liba.so" "$work/library.c"
		$compiler -fuse-ld=$linker -fno-pie -no-pie -o "$work/a.out" "$work/user.c" "$work/liba.so"
		active 1 "$work/a.out"
		links=$((links + 1))
	done
done
echo "ok: found in $links ways of linking"

# no warning in any language
cp "$source" "$work/all.c"
sed -n 's/^#define \(CONCTRACE_[A-Z_]*\)(object).*/\t\1(l);/p
	s/^#define \(CONCTRACE_[A-Z_]*\)().*/\t(void)\1();/p
	s/^#define \(CONCTRACE_[A-Z_]*\)(name).*/\t\1("x");/p
	s/^#define \(CONCTRACE_[A-Z_]*\)(object, name).*/\t\1(l, "x");/p
	s/^#define \(CONCTRACE_[A-Z_]*\)(object, got).*/\t\1(l, 1);/p' "$CT_SOURCE/preload/conctrace.h" |
	sed 's/(void)\(CONCTRACE_\(REGION\|IGNORE\)\)/\1/' | sort -u >"$work/calls"
[ "$(wc -l <"$work/calls")" -ge 19 ] || fail "the macros are not all found: $(cat "$work/calls")"
{ printf '#include "%s/preload/conctrace.h"\nint use(const char *l);\nint use(const char *l)\n{\n' "$CT_SOURCE"
cat "$work/calls"
printf '\treturn *l;\n}\n'; } >"$work/all.c"
cp "$work/all.c" "$work/all.cpp"
strict="-Wall -Wextra -Wpedantic -pedantic-errors -Wshadow -Wconversion -Wcast-qual -Werror -fsyntax-only"
for more in "" -DCONCTRACE_DISABLE -masm=intel; do
	for standard in c89 c11 gnu17; do
		for compiler in gcc clang; do
			! command -v $compiler >/dev/null ||
				# shellcheck disable=SC2086
				$compiler -std=$standard $strict -Wstrict-prototypes $more "$work/all.c" ||
				fail "$compiler -std=$standard $more"
		done
	done
	for standard in c++98 c++17 c++20; do
		for compiler in g++ clang++; do
			! command -v $compiler >/dev/null ||
				# shellcheck disable=SC2086
				$compiler -std=$standard $strict -Wold-style-cast $more "$work/all.cpp" ||
				fail "$compiler -std=$standard $more"
		done
	done
done
echo "ok: C and C++ without a warning"
