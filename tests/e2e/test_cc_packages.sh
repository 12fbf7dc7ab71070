# An installed conctrace, wherever it was put: conctrace cc, pkg-config and conctrace_instrument() of its
# CMake package all build programs whose accesses are recorded.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cmake --install "$CT_BUILD" --prefix "$work/installed" >/dev/null 2>&1
prefix="$work/installed"
bin="$prefix/bin/conctrace"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name conctrace-race.pc)")
export PKG_CONFIG_PATH

cat >part.c <<'C'
int part(int *to)
{
	return ++*to;
}
C
cat >main.c <<'C'
#include <pthread.h>
#include <stdio.h>
#include <string.h>

int part(int *to);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *work(void *none)
{
	pthread_mutex_lock(&lock);
	part(&counter);
	pthread_mutex_unlock(&lock);
	return none;
}

int main(void)
{
	pthread_t thread;
	char text[40], copy[40];

	pthread_create(&thread, NULL, work, NULL);
	work(NULL);
	pthread_join(thread, NULL);
	snprintf(text, sizeof(text), "counted %d", counter);
	memcpy(copy, text, strlen(text) + 1);
	puts(copy);
	return 3;
}
C
sed 's/int part(int/extern "C" &/' main.c >main.cc

# records COMMAND...: alone and under `run` it does its work; all of its own modules are instrumented
records() {
	expect 3 "$@"
	has out 'counted 2'
	rm -rf trace
	expect 3 "$bin" run -o trace -- "$@"
	has out 'counted 2'
	"$bin" dump trace >dump
	has dump ' instrumented '
	has dump ' accesses {'
}

for compiler in gcc clang; do
	command -v "$compiler" >/dev/null || continue
	expect 0 "$bin" cc $compiler main.c part.c -o main
	records ./main

	package=conctrace-race
	[ $compiler = gcc ] || package=conctrace-race-clang
	{
		printf 'CFLAGS := -O2 %s\n' "$(pkg-config --cflags $package)"
		printf 'LDLIBS := %s\n' "$(pkg-config --libs $package)"
		printf 'main: main.o part.o\n'
	} >Makefile
	rm -f main ./*.o
	expect 0 make CC=$compiler
	records ./main

	rm -rf user
	mkdir user
	cp main.c main.cc part.c user
	cat >user/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C CXX)
find_package(conctrace 0.1 REQUIRED)
find_package(Threads REQUIRED)
add_library(archive STATIC part.c)
add_library(shared SHARED part.c)
add_library(objects OBJECT part.c)
conctrace_instrument(archive shared objects)
foreach(kind archive shared objects)
	add_executable(c_${kind} main.c)
	target_link_libraries(c_${kind} Threads::Threads) # the form without a keyword
	conctrace_instrument(c_${kind})
	target_link_libraries(c_${kind} ${kind})
	add_executable(cc_${kind} main.cc)
	target_link_libraries(cc_${kind} PRIVATE ${kind} Threads::Threads)
endforeach()
CMAKE
	plus=g++
	[ $compiler = gcc ] || plus=clang++
	expect 0 cmake -S user -B user/build "-DCMAKE_PREFIX_PATH=$prefix" -DCMAKE_BUILD_TYPE=Release \
		-DCMAKE_C_COMPILER=$compiler -DCMAKE_CXX_COMPILER=$plus
	expect 0 cmake --build user/build
	for kind in archive shared objects; do
		records user/build/c_$kind
		records user/build/cc_$kind # only its part is instrumented
	done

	# and a project that knows nothing of us
	rm -rf user/build
	sed -i '/conctrace/d' user/CMakeLists.txt
	expect 0 env CC="$bin cc $compiler" CXX="$bin cc $plus" cmake -S user -B user/build
	expect 0 cmake --build user/build
	for kind in archive shared objects; do
		records user/build/c_$kind
		records user/build/cc_$kind
	done
done
