#!/bin/bash
# An installed conctrace can be found: by pkg-config, by CMake, and by itself, wherever it was put.
set -eu
: "${CT_BUILD:?the build folder}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

cmake --install "$CT_BUILD" --prefix "$scratch/away" >/dev/null
pc=$(find "$scratch/away" -name conctrace.pc)
preload=$(PKG_CONFIG_PATH=$(dirname "$pc") pkg-config --variable=preload conctrace)
[ -f "$preload" ] || { echo "conctrace.pc: no such file: $preload"; exit 1; }

mkdir "$scratch/user"
cat >"$scratch/user/CMakeLists.txt" <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES NONE)
find_package(conctrace 0.1 REQUIRED)
foreach(file ${CONCTRACE_PRELOAD} ${CONCTRACE_EXECUTABLE})
	if(NOT EXISTS ${file})
		message(FATAL_ERROR "no such file: ${file}")
	endif()
endforeach()
CMAKE
cmake -G Ninja -S "$scratch/user" -B "$scratch/user/build" -DCMAKE_PREFIX_PATH="$scratch/away" >/dev/null
