# Calls that are not async-signal-safe: which of them are in the trace, of handlers that may have
# interrupted anything, and of no others.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

program=$CT_PROGRAMS/unsafe_calls

# noted HOW: the functions noted, in their order, by name
noted() {
	rm -rf "$work/t"
	traced "$work/t" "$program" "$1" >"$work/said" </dev/null
	"$CT_BIN" dump "$work"/t/conctrace.* >"$work/dump" || fail "$1: dump says $?"
	grep ' unsafe_call ' "$work/dump" | sed -E 's/.*object=0x([0-9a-f]+).*/\1/' | while read -r id; do
		sed -nE "s/^UNSAFE\($((16#$id)), \w+, \"(.*)\"\)$/\1/p" "$CT_SOURCE/preload/format/unsafe.def"
	done | tr '\n' ' '
}

# is HOW NAMES...
is() {
	how=$1
	shift
	same 1 "$program" "$how"
	found=$(noted "$how")
	[ "${found% }" = "$*" ] || fail "$how: noted $found, not $*"
}

all="malloc realloc free fprintf fputs putc fflush fopen fclose perror syslog syslog vsyslog vsyslog"
is plain $all
is alternate $all
is awaited
is jump
is exit exit
