#!/bin/sh
# The tour of docs/course.md: builds conctrace and the demos, runs every command of the page and
# shows what it prints. With numbers of sections as arguments: those only.
set -eu
cd "$(dirname "$0")/.."

sh scripts/install-deps.sh build
mkdir -p build/try
log=build/try/build.log
echo "tour: building into build/release"
{ cmake --preset release -DCT_TESTS=OFF && cmake --build build/release; } >"$log" 2>&1 || {
	tail -n 30 "$log" >&2
	echo "tour: the build failed (all of it: $log)" >&2
	exit 1
}
exec python3 -B scripts/course.py tour "$@"
