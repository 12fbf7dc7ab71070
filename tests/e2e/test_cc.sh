# conctrace cc: what it builds, in all the ways that programs are built, runs as ever and has its
# memory accesses recorded; what it does not build, the compiler says as always.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cc="$CT_BIN cc"
stub=$(dirname "$CT_LIB")/conctrace/libconctrace-race.a
[ -f "$stub" ] || fail "no $stub"

cat >main.c <<'C'
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct part {
	char name[40];
	long sum;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct part parts[2];
static int counter;

#ifdef OTHER_FILE
int add(int *to, int what);
#else
static int add(int *to, int what)
{
	return *to += what;
}
#endif

static void *work(void *part)
{
	struct part copy = *(struct part *)part;

	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&lock);
		add(&counter, 1);
		pthread_mutex_unlock(&lock);
		copy.sum += i;
	}
	memcpy(part, &copy, sizeof(copy));
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++) {
		snprintf(parts[i].name, sizeof(parts[i].name), "part %d of %d", i, argc);
		pthread_create(&threads[i], NULL, work, &parts[i]);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d %s %ld %s\n", counter, parts[1].name, parts[0].sum, argv[argc]);
	return 3;
}
C
cat >other.c <<'C'
int add(int *to, int what)
{
	return *to += what;
}
C
cat >main.cc <<'C'
#include <cstdio>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static std::mutex lock;
static std::map<std::string, int> counts;

static void work(int number)
{
	for (int i = 0; i < 50; i++) {
		std::lock_guard<std::mutex> guard(lock);
		counts["thread " + std::to_string(number)]++;
	}
	try {
		throw std::runtime_error("caught");
	} catch (const std::exception &e) {
		std::lock_guard<std::mutex> guard(lock);
		counts[e.what()]++;
	}
}

int main()
{
	std::vector<std::thread> threads;

	for (int i = 0; i < 2; i++)
		threads.emplace_back(work, i);
	for (auto &thread : threads)
		thread.join();
	for (auto &count : counts)
		printf("%s: %d\n", count.first.c_str(), count.second);
	return 3;
}
C
echo '200 part 1 of 1 4950 (null)' >expected.c
printf 'caught: 2\nthread 0: 50\nthread 1: 50\n' >expected.cc

# records NAME EXPECTED COMMAND...: alone and under `run` it prints the file EXPECTED and ends with 3;
# under `run` its accesses are recorded
records() {
	name=$1 expected=$2
	shift 2
	expect 3 "$@"
	cmp -s out "$expected" || fail "$name prints $(head -5 out)"
	rm -rf trace
	expect 3 "$CT_BIN" run -o trace -- "$@"
	cmp -s out "$expected" || fail "$name, recorded, prints $(head -5 out)"
	"$CT_BIN" dump trace >dump
	has dump ' instrumented '
	has dump ' accesses {'
}

# Every compiler that is here, at every level.
compilers=
for path in /usr/bin/gcc-[0-9]* /usr/bin/clang-[0-9]*; do
	[ -x "$path" ] && compilers="$compilers ${path##*/}"
done
case $compilers in
*gcc*clang*) ;;
*) compilers="$compilers ${CT_CC:-cc}" ;;
esac
echo "compilers:$compilers"
for compiler in $compilers; do
	case $compiler in
	gcc*) plus=g++${compiler#gcc} ;;
	clang*) plus=clang++${compiler#clang} ;;
	*) plus= ;;
	esac
	for level in -O0 -O1 -O2 -O3; do
		for kind in '-fPIE -pie' '-fno-pie -no-pie'; do
			# shellcheck disable=SC2086
			expect 0 $cc -- $compiler $level $kind -Wall -Werror -pthread main.c -o main
			records "$compiler $level $kind" expected.c ./main
		done
		[ "$plus" ] && command -v "$plus" >/dev/null || continue
		expect 0 $cc "$plus" $level -Wall -Werror -pthread main.cc -o main
		records "$plus $level" expected.cc ./main
	done
done

# In pieces: objects, a shared library, an archive, a plug-in.
cat >plugged.c <<'C'
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
	void *plugin = dlopen("./plugin.so", RTLD_NOW);
	int (*add)(int *, int), sum = 40;

	if (!plugin)
		return puts(dlerror());
	*(void **)&add = dlsym(plugin, "add");
	return printf("%d\n", add(&sum, 2));
}
C
echo 42 >expected.plugged
for compiler in gcc clang; do
	command -v "$compiler" >/dev/null || continue
	expect 0 $cc $compiler -O2 -DOTHER_FILE -c main.c -o main.o
	expect 0 $cc $compiler -O2 -fPIC -c other.c
	expect 0 $cc $compiler main.o other.o -o main
	records "$compiler, two objects" expected.c ./main
	expect 0 $cc $compiler -shared other.o -o libother.so
	expect 0 $cc $compiler main.o -L. -lother "-Wl,-rpath,$PWD" -o main
	records "$compiler, a library" expected.c ./main
	rm libother.so
	ar rcs libother.a other.o
	expect 0 $cc $compiler main.o -L. -lother -o main
	records "$compiler, an archive" expected.c ./main
	expect 0 $cc $compiler -shared -fPIC -Wl,-z,defs other.c -o plugin.so
	"$compiler" plugged.c -o plugged
	records "$compiler, a plug-in" expected.plugged ./plugged
	rm -f main.o other.o plugin.so libother.a
done

# As make and configure call it.
cat >Makefile <<'M'
CFLAGS = -O2 -DOTHER_FILE
main: main.o other.o
	$(CC) $(LDFLAGS) $^ -o $@
M
rm -f main
expect 0 make "CC=$cc cc"
records make expected.c ./main
rm -f main ./*.o

for compiler in gcc clang; do
	command -v "$compiler" >/dev/null || continue
	for question in --version -dumpversion -dumpmachine -print-search-dirs; do
		"$compiler" $question >wanted
		expect 0 $cc $compiler $question
		cmp -s out wanted || fail "$compiler $question is not as without"
	done
	expect 1 $cc $compiler
	expect 1 $cc $compiler nothing-here.c
	has err nothing-here.c
	for step in -c -S -E -M -MM -fsyntax-only; do
		expect 0 $cc $compiler $step -Wall -Werror other.c -o step.out
		[ ! -s err ] || fail "$compiler $step says $(head -3 err)"
	done
	expect 0 $cc $compiler -E -dM -x c /dev/null
	has out '#define __GNUC__'
	status=0
	$cc $compiler -Wall -Werror -x c - -o main <main.c 2>err || status=$?
	[ $status = 0 ] || fail "$compiler -x c -: $(cat err)"
	records "$compiler, standard input" expected.c ./main
	printf '%s\n' -O2 main.c -Werror -o main >arguments
	rm main
	expect 0 $cc $compiler @arguments
	records "$compiler, response file" expected.c ./main
	printf '%s\n' -O2 -c main.c -Werror -o main.o >arguments
	expect 0 $cc $compiler @arguments
	[ ! -s err ] || fail "$compiler -c in a response file: $(head -3 err)"
	expect 0 $cc $compiler -r main.o -o part.o
	echo 'int declared(void);' >declared.h
	expect 0 $cc $compiler declared.h -o declared.h.gch
	expect 2 $cc $compiler -static main.c -o main
	has err 'static programs cannot be preloaded'
	expect 2 $cc $compiler -fuse-ld=gold main.c -o main
	has err 'gold cannot'
	expect 2 $cc $compiler -m32 -c main.c -o main.o
	has err 'only programs for x86-64 are supported: compile without -m32'
	# what compilers link behind everything else calls memcpy, too
	for option in --coverage -static-libgcc -flto -D_FORTIFY_SOURCE=2 -s; do
		"$compiler" -O2 $option main.c -o main 2>/dev/null || continue # not here
		expect 0 $cc $compiler -O2 $option main.c -o main
		records "$compiler $option" expected.c ./main
	done
	expect 0 $cc $compiler -g0 -c main.c -o main.o
	! readelf -S main.o | grep -q debug_info || fail "$compiler: -g0 did not win"
done

# gcc counts values without atomics; it is not the program's race
cat >values.c <<'C'
#include <pthread.h>
static long sum[2];
static int twice(int x) { return 2 * x; }
static int thrice(int x) { return 3 * x; }
static int (*volatile const functions[2])(int) = {twice, thrice};
static void *work(void *of)
{
	for (int i = 0; i < 100; i++)
		*(long *)of += functions[i % 2](i) / (1 + i % 7);
	return NULL;
}
int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, &sum[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return sum[0] != sum[1];
}
C
expect 0 $cc gcc -O1 -fprofile-generate -pthread values.c -o values
expect 0 "$CT_BIN" run -o values.trace -- ./values
has err 'no deadlock, lock-order problem, data race or misuse found'

# more accesses than are kept, and as many as wanted
cat >many.c <<'C'
static int values[1 << 14];
int main(void)
{
	int sum = 0;

	for (int round = 0; round < 8; round++)
		for (int i = 0; i < 1 << 14; i++)
			sum += values[i * 7919 & ((1 << 14) - 1)]++;
	return sum & 1;
}
C
expect 0 $cc gcc -O1 many.c -o many
expect 0 "$CT_BIN" run --access-quota=64k -o few.trace -- ./many
has err 'accesses to memory were sampled'
has err '--access-quota=0'
expect 0 "$CT_BIN" run --access-quota=0 --max-trace=0 -o all.trace -- ./many
lacks err 'sampled'
expect 2 "$CT_BIN" run --access-quota=much -- ./many
has err '--access-quota takes a size'

# built by another version: the program runs as ever, and it is told
"${CT_PYTHON:-python3}" - many old <<'P'
import sys
mark = b"conctrace-race stub\0"
data = bytearray(open(sys.argv[1], "rb").read())
at = data.index(mark) + len(mark)
data[at:at + 4] = b"\xff\xff\xff\xff"
open(sys.argv[2], "wb").write(data)
P
chmod +x old
expect 0 "$CT_BIN" run -o old.trace -- ./old
has err 'old was built by another version of "conctrace cc"'
has err 'build it again with: conctrace cc gcc'
expect 0 "$CT_BIN" doctor ./old
has out 'old was built by another version of "conctrace cc"'
expect 0 "$CT_BIN" doctor ./many
has out 'ok       ./many was built with "conctrace cc"'
lacks out 'many calls what is not seen: pread'

expect 127 $cc nothing-here-cc main.c
has err 'nothing-here-cc: No such file or directory'
expect 2 $cc ls main.c
has err 'ls is neither gcc nor clang'
expect 2 $cc
has err 'the compiler is missing'
