#!/bin/sh
# From a fresh clone to an explained deadlock: builds conctrace, records a demo that hangs for
# certain, and draws who waits for whom. The paths of the page and of the drawing are the last lines.
set -eu
cd "$(dirname "$0")/.."

fail() {
	echo "try: $*" >&2
	exit 1
}

sh scripts/install-deps.sh build
mkdir -p build/try
log=build/try/build.log
echo "try: building into build/release"
{ cmake --preset release -DCT_TESTS=OFF && cmake --build build/release; } >"$log" 2>&1 || {
	tail -n 30 "$log" >&2
	fail "the build failed (all of it: $log)"
}

conctrace=build/release/analyzer/conctrace
folder=$(mktemp -d build/try/abba.XXXXXX)
echo "try: conctrace run -o $folder/trace -- build/release/demos/abba --hang"
status=0
"$conctrace" run -o "$folder/trace" --html "$folder/report.html" --timeout 60 -- build/release/demos/abba --hang || status=$?
[ "$status" -eq 66 ] || fail "run ended with $status, where a found deadlock is 66"

"$conctrace" graph wait-for "$folder/trace" --svg "$folder/wait-for.svg" >"$folder/wait-for.dot" ||
	fail "graph wait-for ended with $?"
grep -q '<svg' "$folder/wait-for.svg" || fail "$folder/wait-for.svg is not a drawing"
grep -q '</html>' "$folder/report.html" || fail "$folder/report.html is not a page"
echo "All of it on one page, for a browser:"
echo "$PWD/$folder/report.html"
echo "The deadlock, drawn:"
echo "$PWD/$folder/wait-for.svg"
