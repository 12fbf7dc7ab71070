# CPython's own tests of threads and queues; CT_SUITES names others (test_subprocess and
# test_multiprocessing_fork take minutes).
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
"$CT_PYTHON" -c 'import test.test_threading' 2>/dev/null || { echo "CPython's tests are not here"; exit 77; }

# What a test file says at its end, without times.
suite() {
	cd "$run"
	# whoever runs this in the background has SIGINT ignored for it
	env --default-signal=INT $under "$CT_PYTHON" -m test -v "$name" >"$run/log" 2>&1 || {
		grep -E '^(FAIL|ERROR|Assert)|Error' "$run/log" | head -20
		return 1
	}
	grep -E '^(OK|Ran |Tests result)' "$run/log" | sed -E 's/ in [0-9.]+s//'
}

for name in ${CT_SUITES:-test_threading test_queue}; do
	compare "$name" suite
done
