# Memory that processes share has one identity in all of them, and memory that ends with mutexes in
# it is said to.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

# recorded PROGRAM ARGS...: its output in said, the trace's text in text
recorded() {
	local status=0 expected=0
	"$@" >"$work/expected" </dev/null || expected=$?
	traced "$work/trace" timeout 60 "$@" >"$work/said" </dev/null || status=$?
	[ $status = $expected ] || fail "$1: status $status"
	babeltrace2 "$work"/trace/conctrace.* >"$work/text" || fail "babeltrace2 says $?"
	rm -rf "$work/trace"
}

for run in $(seq 20); do
	recorded "$CT_PROGRAMS/mem_shared" "$work/file"
	# by process and time, as the program prints it: it waits for its child in the middle
	sed -nE 's/.*\) (map|unmap): .* process = ([0-9]+),.* time = ([0-9]+), start = 0x[0-9A-F]+, size = ([0-9]+)(, device = ([0-9]+), inode = ([0-9]+), offset = ([0-9]+))? \}/\2 \3 \1 \6 \7 \8 \4/p' \
		"$work/text" | sort -n -k1,1 -k2,2 | sed -E 's/^[0-9]+ [0-9]+ //; s/ +/ /g' \
		>"$work/maps"
	sed -n 's/^map 0 # 0/map 0 1 0/; /^\(map\|unmap\)/p' "$work/said" >"$work/printed"
	# the child's lines are the fourth to seventh of what is printed, and the last of the trace
	{ sed '4,7d' "$work/printed"; sed -n '4,7p' "$work/printed"; } >"$work/wanted"
	cmp -s "$work/wanted" "$work/maps" ||
		fail "mem_shared, run $run: $(diff "$work/wanted" "$work/maps")"
	grep -q '^counted 1000 1000 1000$' "$work/said" || fail "mem_shared, run $run: lost counts"
done
echo "ok: 20 times mem_shared: $(wc -l <"$work/maps") mappings"

# freed TIMES PROGRAM
freed() {
	local times=$1 name=$2 run
	for run in $(seq "$times"); do
		recorded "$CT_PROGRAMS/$name"
		sed -nE 's/.*\) memory_freed: .* object = 0x([0-9A-F]+), .*/freed \1/p' "$work/text" |
			sort >"$work/ended"
		sort "$work/said" | cmp -s - "$work/ended" ||
			fail "$name, run $run: $(sort "$work/said" | diff - "$work/ended" | head -5)"
		[ "$(wc -l <"$work/said")" = "$(wc -l <"$work/expected")" ] ||
			fail "$name, run $run: another output"
	done
	echo "ok: $times times $name: $(wc -l <"$work/ended") blocks"
}

freed 20 mem_free
freed 2 mem_cxx
