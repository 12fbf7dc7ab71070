# Shared by the scripts of this folder: sourced, after set -eu. They run in a folder of their own.
#
#   expect STATUS COMMAND...   runs COMMAND, its output in `out` and `err`; ends the test unless
#                              it ends with STATUS
#   has FILE TEXT              FILE has TEXT in it
#   compile NAME [OPTION...]   makes the program NAME of the C source on standard input
#   run_silent COMMAND...      COMMAND, recorded in `trace`, ends with 0 and is said nothing about
#   run_named RULE COMMAND...  of COMMAND, recorded in `trace`, an error of RULE is told

work=$(mktemp -d "${TMPDIR:-/tmp}/ct-e2e.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit
unset CONCTRACE_OPTIONS CONCTRACE_TRACE CONCTRACE_LIBRARY NO_COLOR

fail() {
	echo "FAIL: $*" >&2
	exit 1
}

expect() {
	wanted=$1
	shift
	status=0
	"$@" >out 2>err </dev/null || status=$?
	[ "$status" = "$wanted" ] ||
		fail "$*: status $status, not $wanted: $(cat out err | tail -8)"
}

has() {
	grep -qF -- "$2" "$1" || fail "\"$2\" is not in $1: $(head -20 "$1")"
}

lacks() {
	! grep -qF -- "$2" "$1" || fail "\"$2\" is in $1: $(head -20 "$1")"
}

compile() {
	name=$1
	shift
	cat >"$name.c"
	"${CT_CC:-cc}" -g -O0 -pthread -o "$name" "$name.c" "$@"
}

run_silent() {
	rm -rf trace
	expect 0 timeout 60 "$CT_BIN" run --fail-on=potential -o trace -- "$@"
	has err 'no deadlock'
	lacks err 'error['
	lacks err 'warning['
}

run_named() {
	rule=$1
	shift
	rm -rf trace
	expect 66 timeout 60 "$CT_BIN" run -o trace -- "$@"
	has err "error[$rule]"
}

# gone PID: waits until that process is no more (a zombie is no more, either)
gone() {
	for _ in $(seq 100); do
		case $(cut -d' ' -f3 "/proc/$1/stat" 2>/dev/null) in
		'' | Z | X) return 0 ;;
		esac
		sleep 0.05
	done
	return 1
}
