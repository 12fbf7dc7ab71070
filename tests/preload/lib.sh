# Shared by the scripts of this folder and of e2e/: sourced, after set -eu.
#
#   work       a folder of the test's own, removed at the end
#   fail TEXT  ends the test
#   traced FOLDER COMMAND...   runs COMMAND under the recorder, its traces in FOLDER

# Some tests know the numbers of descriptors: what whoever runs the tests left open is closed.
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
work=$(mktemp -d "${TMPDIR:-/tmp}/ct-test.XXXXXX")
trap 'rm -rf "$work"' EXIT

fail() {
	echo "FAIL: $*" >&2
	exit 1
}

traced() {
	folder=$1
	shift
	CONCTRACE_OPTIONS="dir=$folder" LD_PRELOAD="$CT_LIB" "$@"
}

# same TIMES COMMAND...: output and status with the recorder are those without, TIMES times; every other
# time with traps in the program's code
same() {
	times=$1
	shift
	status=0
	"$@" >"$work/expected" 2>"$work/expected.err" </dev/null || status=$?
	for run in $(seq "$times"); do
		traced_status=0
		settings="$work/trace"
		[ $((run % 2)) = 1 ] || settings="$settings:races=traps"
		traced "$settings" timeout 60 "$@" >"$work/got" 2>"$work/got.err" </dev/null ||
			traced_status=$?
		[ "$traced_status" = "$status" ] ||
			fail "$1, run $run: status $traced_status, without the recorder $status: $(tail -3 "$work/got.err")"
		cmp -s "$work/expected" "$work/got" ||
			fail "$1, run $run: another output: $(diff "$work/expected" "$work/got" | head -5)"
		cmp -s "$work/expected.err" "$work/got.err" ||
			fail "$1, run $run: another standard error: $(head -3 "$work/got.err")"
		# helpers that outlive the program may still be adding to it
		until rm -rf "$work/trace" 2>/dev/null; do :; done
	done
	echo "ok: $times times $*" | cut -c1-100
}
