# Shared by test_sysv.sh, test_mq.sh and test_file_lock.sh: sourced, after lib.sh.
#
#   recorded TIMES PROGRAM ARGUMENT...   runs it as same() does, then once more for its records: $work/text
#   in_order NAMES                       the records whose event is among NAMES (a|b|c) are the lines of
#                                        stdin: by process and thread, in each in order of time
#   count NUMBER PATTERN                 so many lines of $work/text match
#
# A record's line is PROCESS.THREAD EVENT FLAGS PAYLOAD, where flags are 1 request, 2 what follows it, 4
# never waits, 8 has a time limit. A semaphore is its number or "set"; other objects of the kernel are
# "it"; addresses of this run are "at".

IPC_MADE=$work/made
export IPC_MADE

# What a program that was killed has left in the kernel.
unmake() {
	[ -e "$IPC_MADE" ] || return 0
	while read -r kind name; do
		case $kind in
		mq) "$CT_PYTHON" -c 'import ctypes, sys
ctypes.CDLL(None).mq_unlink(sys.argv[1].encode())' "$name" ;;
		*) ipcrm "$kind" "$name" 2>/dev/null || true ;;
		esac
	done <"$IPC_MADE"
}
trap 'unmake; rm -rf "$work"' EXIT
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is missing"; exit 77; }

recorded() {
	local times=$1
	shift
	name="${1##*/}"
	same "$times" "$@"
	traced "$work/trace" "$@" >"$work/got" </dev/null || fail "$name: status $?"
	cmp -s "$work/expected" "$work/got" || fail "$name: another output"
	babeltrace2 "$work"/trace/conctrace.* >"$work/text" || fail "babeltrace2 says $?"
	rm -rf "$work/trace"
	sed -nE 's/^EVENT\(([0-9]+), \w+, "(\w+)".*/s| of \1$| of \2|/p' \
		"$CT_SOURCE/preload/format/events.def" >"$work/events"
}

records() {
	sed -nE "s/.*\) ($1): \{ pid = [0-9]+, process = ([0-9]+), tid = [0-9]+, thread = ([0-9]+) \}, \{ flags = ([0-9]+), stack = [0-9]+ \}, \{ (.*) \}/\2.\3 \1 \4 \5/p" \
		"$work/text" |
		sed -E 's/object = 0x500[0-9A-F]{8}FFFF/set/; s/object = 0x500[0-9A-F]{8}000([0-9A-F])/\1/
			s/object = 0x[678][0-9A-F]{14}/it/; s/object = 0x0\b/none/; s/object = 0x[5-7][0-9A-F]{11}/at/
			s/ error = ([0-9]+), call = ([0-9]+)/ \1 of \2/; s/count = ([0-9]+), ops =/\1:/
			s/\[[0-9]+\] = \{ number = ([0-9]+), amount = ([0-9]+), flags = ([0-9]+) \},?/(\1 \2 \3)/g
			s/65535/-1/g; s/(\[( \([^)]*\)){3}) .*\]/\1 ... ]/; s/(object|arg) = //g; s/ = / /g; s/,//g' |
		sed -f "$work/events" | sort -s -V -k1,1
}

in_order() {
	cat >"$work/wanted"
	records "$1" >"$work/records"
	cmp -s "$work/wanted" "$work/records" || fail "$name: $(diff "$work/wanted" "$work/records" | head -10)"
	echo "ok: $(wc -l <"$work/wanted") records of $name"
}

count() {
	found=$(grep -cE -- "$2" "$work/text" || true)
	[ "$found" = "$1" ] || fail "$name: $found instead of $1 records like $2"
}
