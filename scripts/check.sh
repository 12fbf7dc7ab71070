#!/bin/sh
# Everything that has to hold before a commit: builds with gcc and clang without a warning, tests
# under sanitizers, then all tests. Stops at the first stage that fails.
set -u
cd "$(dirname "$0")/.." || exit 1
begun=$(date +%s)
jobs=2

# stage NAME COMMAND...: runs it, quietly unless it fails, and says how long it took
stage() {
	name=$1
	shift
	start=$(date +%s)
	mkdir -p build
	if ! "$@" >build/check.log 2>&1; then
		cat build/check.log
		echo "check: $name FAILED after $(($(date +%s) - start)) s"
		exit 1
	fi
	grep -E '^[0-9]+% tests passed' build/check.log
	echo "check: $name: $(($(date +%s) - start)) s"
}

# build FOLDER COMPILER PRESET [OPTION...]
build() {
	folder=build/$1 compiler=$2 preset=$3
	shift 3
	case $compiler in
	gcc) cxx=g++ ;;
	*) cxx=clang++ ;;
	esac
	cmake --preset "$preset" -B "$folder" -DCMAKE_C_COMPILER="$compiler" \
		-DCMAKE_CXX_COMPILER="$cxx" -DCT_TESTS=ON -DCT_WERROR=ON "$@" &&
		cmake --build "$folder"
}

# tests FOLDER LABELS
tests() {
	ctest --test-dir "build/$1" --output-on-failure -j "$jobs" --no-tests=error --no-label-summary \
		-L "$2"
}

clang_unit() {
	build check-clang clang release && tests check-clang '^unit$'
}

sanitized() {
	build check-asan gcc asan-ubsan && tests check-asan '^(unit|scenario|fuzz)$'
}

stage "packages" sh scripts/install-deps.sh
stage "gcc build" build check-gcc gcc release
stage "clang build and unit tests" clang_unit
stage "asan+ubsan unit, scenario and fuzz-replay tests" sanitized

start=$(date +%s)
ctest --test-dir build/check-gcc --output-on-failure -j "$jobs" --no-tests=error --no-label-summary || {
	echo "check: tests FAILED after $(($(date +%s) - start)) s"
	exit 1
}
echo "check: all passed: tests $(($(date +%s) - start)) s, everything $(($(date +%s) - begun)) s"
