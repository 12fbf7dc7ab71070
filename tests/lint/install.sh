#!/bin/bash
# An installed conctrace can be found: by pkg-config, by CMake, and by itself, wherever it was put;
# and a program that includes <conctrace.h> can be built with either.
set -eu
: "${CT_BUILD:?the build folder}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$CT_BUILD" --prefix "$scratch/here" >/dev/null
mv "$scratch/here" "$scratch/away"
pc=$(find "$scratch/away" -name conctrace.pc)
PKG_CONFIG_PATH=$(dirname "$pc")
export PKG_CONFIG_PATH
preload=$(pkg-config --variable=preload conctrace)
[ -f "$preload" ] || { echo "conctrace.pc: no such file: $preload"; exit 1; }

mkdir "$scratch/user"
cat >"$scratch/user/user.c" <<'C'
#include <conctrace.h>
#include <stdio.h>

int main(void)
{
	CONCTRACE_THREAD_NAME("user");
	return printf("%d\n", CONCTRACE_ACTIVE()) < 0;
}
C
cat >"$scratch/user/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
find_package(conctrace 0.1 REQUIRED)
foreach(file ${CONCTRACE_PRELOAD} ${CONCTRACE_EXECUTABLE})
	if(NOT EXISTS ${file})
		message(FATAL_ERROR "no such file: ${file}")
	endif()
endforeach()
add_executable(user user.c)
target_link_libraries(user PRIVATE conctrace::header)
CMAKE
cmake -G Ninja -S "$scratch/user" -B "$scratch/user/build" -DCMAKE_PREFIX_PATH="$scratch/away" >/dev/null
cmake --build "$scratch/user/build" >/dev/null

# shellcheck disable=SC2046
"${CT_CC:-cc}" $(pkg-config --cflags --libs conctrace) -o "$scratch/user/by-pkg-config" "$scratch/user/user.c"
for program in "$scratch/user/build/user" "$scratch/user/by-pkg-config"; do
	without=$("$program")
	with=$(CONCTRACE_OPTIONS="dir=$scratch/traces" LD_PRELOAD="$preload" "$program")
	[ "$without $with" = "0 1" ] || { echo "$program: says $without without and $with with the recorder"; exit 1; }
done
command -v scdoc >/dev/null || exit 0
[ -f "$(find "$scratch/away" -name conctrace.h.3)" ] || { echo "no conctrace.h(3)"; exit 1; }
