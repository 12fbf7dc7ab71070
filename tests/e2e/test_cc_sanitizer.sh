# Programs that are linked with ThreadSanitizer's own runtime: run and doctor refuse them with the
# command that mends it, which does; started by something else, or with LD_PRELOAD alone, they run as
# ever and are left out.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >main.c <<'C'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *work(void *none)
{
	for (int i = 0; i < 100; i++) {
		pthread_mutex_lock(&lock);
		counter++;
		pthread_mutex_unlock(&lock);
		free(malloc(100));
	}
	return none;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d\n", counter);
	return 3;
}
C

# refused PROGRAM RUNTIME COMPILER
refused() {
	expect 75 "$CT_BIN" run -q -o "trace-$1" -- "./$1"
	has err "./$1 is linked with ThreadSanitizer's own runtime"
	has err "$2"
	has err "with: conctrace cc $3 -o ./$1 ..."
	[ ! -s out ] || fail "$1 was run in spite of that"
	[ ! -e "trace-$1" ] || fail "$1 has a trace"
	expect 75 "$CT_BIN" doctor "./$1"
	grep -q "^PROBLEM .*conctrace cc $3 -o ./$1 ..." out || fail "doctor says $(cat out)"
}

# left_out PROGRAM: it runs as ever, unrecorded
left_out() {
	expect 3 env CONCTRACE_OPTIONS="dir=$work/alone" LD_PRELOAD="$CT_LIB" "./$1"
	[ "$(cat out)" = 200 ] || fail "$1 prints $(cat out err)"
	[ ! -e "$work/alone" ] || fail "$1 is recorded"
	rm -rf trace
	expect 3 "$CT_BIN" run -q -o trace -- sh -c "./$1; exit \$?"
	[ "$(cat out)" = 200 ] || fail "$1, started by a shell, prints $(cat out err)"
	has err "1 of the programs that it started are linked with ThreadSanitizer's own runtime"
	"$CT_BIN" dump trace >dump
	lacks dump "path=$work/$1"
}

tested=
for compiler in gcc clang; do
	command -v "$compiler" >/dev/null || continue
	"$compiler" -fsanitize=thread -g -c main.c -o main.o
	"$compiler" -fsanitize=thread main.o -o own 2>/dev/null || continue # no such runtime here
	[ "$(./own)" = 200 ] || continue # it cannot run here: some kernels' address spaces
	tested=yes
	case $compiler in
	gcc) refused own libtsan.so gcc ;;
	clang) refused own '' clang ;;
	esac
	left_out own
	other=-static-libtsan
	[ $compiler = gcc ] || other=-shared-libsan
	if "$compiler" -fsanitize=thread $other main.o -o other 2>/dev/null && ./other >/dev/null 2>&1; [ $? = 3 ]; then
		refused other '' $compiler
		left_out other
	fi
	cp own stripped
	strip stripped
	refused stripped '' $compiler
	# the command that it was told, from the same object
	expect 0 "$CT_BIN" cc $compiler -o own main.o
	expect 3 ./own
	rm -rf trace
	expect 3 "$CT_BIN" run -q -o trace -- ./own
	"$CT_BIN" dump trace >dump
	has dump ' accesses {'
done
[ "$tested" ] || exit 77

# A library of it is enough.
gcc -fsanitize=thread -shared -fPIC -x c - -o libpart.so 2>/dev/null <<'C' || exit 0
int part(int *to)
{
	return ++*to;
}
C
gcc main.c -o user -Wl,--no-as-needed -L. -lpart "-Wl,-rpath,$work" 2>/dev/null
left_out user
expect 75 "$CT_BIN" doctor ./user
has out "a library of ./user is linked with ThreadSanitizer's own runtime"
