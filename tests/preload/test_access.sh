# Programs compiled for it: their loads and stores are in the trace, with the functions they were made
# in, and the programs do what they do without the recorder.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
race=$CT_BUILD/preload/conctrace

# compiled NAME [OPTIONS...]: tests/preload/programs/NAME.c as work/NAME
compiled() {
	local name=$1
	shift
	"$CT_CC" -g -O1 -fsanitize=thread -B"$race" -L"$race" "$@" -o "$work/$name" \
		"$CT_SOURCE/tests/preload/programs/$name.c" "$race/libconctrace-race.a" -pthread ||
		fail "$name does not compile"
}

# recorded OPTIONS PROGRAM ARGS...: output and status are as without; its output in said, the trace as
# text in text
recorded() {
	local options=$1 status=0 expected=0
	shift
	"$@" >"$work/expected" </dev/null || expected=$?
	rm -rf "$work/t"
	CONCTRACE_OPTIONS="trace=$work/t$options" LD_PRELOAD="$CT_LIB" "$@" >"$work/said" </dev/null ||
		status=$?
	[ $status = $expected ] || fail "$1: status $status, not $expected"
	"$CT_BIN" dump "$work/t" >"$work/text" || fail "$1: dump fails"
	[ "$(wc -l <"$work/expected")" = "$(wc -l <"$work/said")" ] || fail "$1: another output"
}
lists() {
	sed -nE 's/^.*:'"$1"' accesses (.*)$/\1/p' "$work/text"
}
# frames STACK: how many it has
frames() {
	sed -nE 's/.* stack stack='"$1"' frames=\[(.*)\]$/\1/p' "$work/text" | head -1 | wc -w
}
# stack_of ACCESS: the number of the first access that begins so
stack_of() {
	lists 'T[0-9]+' | grep -oE "\{$1[^}]*stack=[0-9]+" | head -1 | sed 's/.*stack=//'
}

compiled access_list
recorded "" "$work/access_list"
read -r _ array _ sum _ bytes <"$work/said"
lists T1 >"$work/lists"
at() {
	printf '0x%x' $(($1 + $2))
}
grep -qE "^\{w 4 $array x100 \+4 stack=[0-9]+\}$" "$work/lists" || fail "no run of 100 stores: $(head -2 "$work/lists")"
[ "$(grep -cE "\{w 1 $(at "$bytes" 1) stack=[0-9]+\}" "$work/lists")" = 2 ] ||
	fail "stores of the same byte are not once in each of two epochs: $(cat "$work/lists")"
lists T2 | grep -qE "\{w 1 $bytes stack" || fail "no store of the other thread"
[ "$(frames "$(stack_of "w 1 $bytes ")")" = "$(frames "$(stack_of "w 4 $array ")")" ] ||
	fail "frames that longjmp left are in the stacks"
[ "$(frames "$(stack_of "r 4 $(at "$array" 28) ")")" = "$(frames "$(stack_of "w 4 $array ")")" ] ||
	fail "a recursion is not told once"
echo "ok: access_list: $(wc -l <"$work/lists") lists"

compiled access_memory
recorded "" "$work/access_memory"
grep -E '^(begins|ends)' "$work/said" >"$work/wanted"
# what libc allocates for itself is no business of the program's
sed -nE 's/.* memory_allocated object=(0x[0-9a-f]+) arg=(0x[0-9a-f]+) .*/begins \1 \2/p; s/.* memory_freed object=(0x[0-9a-f]+) .*/ends \1/p' \
	"$work/text" | while read -r what address size; do
	echo "$what $address${size:+ $((size))}"
done | sort | uniq -c | sort >"$work/got"
sort "$work/wanted" | uniq -c | sort >"$work/want"
missing=$(comm -23 "$work/want" "$work/got")
[ -z "$missing" ] || fail "access_memory: not recorded: $missing; $(cat "$work/got")"
echo "ok: access_memory: $(wc -l <"$work/wanted") begins and ends"

compiled access_fork
for run in 1 2 3; do
	recorded "" "$work/access_fork"
	cmp -s "$work/expected" "$work/said" || fail "access_fork: another output"
done
# the child's own definition, and accesses of both
for process in $(sed -nE 's/.* (p[0-9]+) process .*command=.*access_fork$/\1/p' "$work/text" | head -2); do
	grep -q " $process instrumented " "$work/text" || fail "$process has no instrumented module"
	grep -q " $process:T1 accesses " "$work/text" || fail "$process has no accesses"
done
echo "ok: access_fork"

compiled access_threads
recorded "" "$work/access_threads"
cmp -s "$work/expected" "$work/said" || fail "access_threads: another output"
[ "$(grep -cE ':T[0-9]+ accesses \{' "$work/text")" -ge 2001 ] || fail "a thread has no accesses"
echo "ok: access_threads"

# A quarter of the limit is for all accesses, another half for some, the rest for other events.
compiled access_many
# kept: accesses in lists; left_out: those that are said to have been skipped
kept() {
	lists T1 | grep -oE '\{[^}]*\}' | awk '{ n = 1; for (i = 1; i <= NF; i++) if ($i ~ /^x[0-9]+$/) n = substr($i, 2); all += n } END { print all + 0 }'
}
left_out() {
	sed -nE 's/.* accesses_skipped object=(0x[0-9a-f]+) arg=0x'"$1"'.*/\1/p' "$work/text" |
		while read -r count; do echo $((count)); done | awk '{ all += $1 } END { print all + 0 }'
}
recorded ":max=0:quota=1G" "$work/access_many"
all=$(kept)
[ "$all" -gt 500000 ] || fail "access_many: $all accesses"
[ "$(left_out '[123]')" = 0 ] || fail "access_many: some were left out without a limit"
recorded ":quota=64k" "$work/access_many"
some=$(kept)
[ $some -lt $((all / 4)) ] || fail "access_many: $some of $all with a quota of 4096"
# the last of them are told at the thread's end, which main has none of
[ $((some + 2 * $(left_out 1))) -ge $((all * 9 / 10)) ] || fail "access_many: $some + $(left_out 1) of $all"
recorded ":max=512k:quota=1G" "$work/access_many"
[ "$(left_out 2)" -gt 0 ] || [ "$(left_out 1)" -gt 0 ] || fail "access_many: nothing left out with max="
[ "$(du -sk "$work/t" | cut -f1)" -lt 1024 ] || fail "access_many: max= was not kept"
grep -qE ':T1 exit ' "$work/text" || fail "access_many: accesses took the room of other events"
echo "ok: access_many: $all accesses, $some with a small quota"

# Plug-ins: with the stub of their own, and with the library's functions.
"$CT_CC" -g -O1 -fsanitize=thread -fPIC -shared -B"$race" -L"$race" -o "$work/with.so" \
	"$CT_SOURCE/tests/preload/programs/plugins/access_touch.c" "$race/libconctrace-race.a"
"$CT_CC" -g -O1 -fsanitize=thread -fPIC -c -o "$work/touch.o" \
	"$CT_SOURCE/tests/preload/programs/plugins/access_touch.c"
"$CT_CC" -shared -o "$work/without.so" "$work/touch.o"
"$CT_CC" -g -O1 -o "$work/plain" "$CT_SOURCE/tests/preload/programs/access_plugin.c" -pthread
recorded "" "$work/plain" "$work/with.so"
[ "$(lists 'T[0-9]+' | grep -cE '\{w 8 0x[0-9a-f]+ stack')" = 6 ] ||
	fail "plug-in with a stub: $(lists 'T[0-9]+')"
status=0
CONCTRACE_OPTIONS="trace=$work/u" LD_PRELOAD="$CT_LIB" "$work/plain" "$work/without.so" "$work/with.so" \
	>"$work/said" || status=$?
[ $status = 0 ] && [ "$(wc -l <"$work/said")" = 6 ] || fail "plug-in without a stub: $(cat "$work/said")"
"$CT_BIN" dump "$work/u" >"$work/text"
[ "$(lists 'T[0-9]+' | grep -cE '\{w 8 0x[0-9a-f]+ stack')" = 12 ] ||
	fail "plug-ins: $(lists 'T[0-9]+')"
[ "$(grep -c ' instrumented ' "$work/text")" -ge 2 ] || fail "plug-ins: not said to be instrumented"
compiled access_plugin # instrumented itself
recorded "" "$work/access_plugin" "$work/with.so"
echo "ok: access_plugin"
