# A program with traps that races and then hangs, or crashes in a trapped instruction: it ends as it
# does without them, and the report tells of both.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile both <<'C'
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t met;
static int counter;

static void take(pthread_mutex_t *one, pthread_mutex_t *other)
{
	pthread_barrier_wait(&met);
	for (int i = 0; i < 1000000; i++)
		counter++;
	pthread_mutex_lock(one);
	pthread_barrier_wait(&met);
	pthread_mutex_lock(other);
}

static void *work(void *unused)
{
	take(&second, &first);
	return unused;
}

int main(void)
{
	pthread_t thread;

	pthread_barrier_init(&met, NULL, 2);
	pthread_create(&thread, NULL, work, NULL);
	take(&first, &second);
	return pthread_join(thread, NULL);
}
C

# each run hangs; that one of them meets the race is as good as certain
for _ in 1 2 3 4 5; do
	rm -rf trace
	expect 66 timeout 60 "$CT_BIN" run -o trace ./both
	has err 'error[deadlock]'
	has err 'the program hung and was ended'
	has err 'data races were looked for at'
	has err 'until the program was killed'
	! grep -qF 'error[data-race]: data race on `counter`' err || break
done
has err 'error[data-race]: data race on `counter`'
expect 66 "$CT_BIN" report trace
has out 'error[data-race]: data race on `counter`'

compile crash <<'C'
#include <pthread.h>
#include <stdio.h>

static long *volatile where;

__attribute__((noinline)) static void crash_here(long *number)
{
	*number += 1;
}

static void *work(void *unused)
{
	for (int i = 0; i < 3; i++)
		crash_here(where);
	return unused;
}

int main(void)
{
	static long number;
	pthread_t thread;

	printf("%p\n", (void *)crash_here);
	fflush(stdout);
	for (int i = 0; i < 2; i++) {
		where = i ? NULL : &number;
		pthread_create(&thread, NULL, work, NULL);
		pthread_join(thread, NULL);
	}
	return 0;
}
C

[ "$(cat /proc/sys/kernel/core_pattern)" = core ] && ulimit -c unlimited || exit 0
expect 139 timeout 60 "$CT_BIN" run -o trace.crash ./crash
has err 'data races were looked for at'
# where the first thread of the core file, which is the one that crashed, stood
"$CT_PYTHON" - core* out <<'PYTHON'
import struct
import sys

core = open(sys.argv[1], "rb").read()
begin = int(open(sys.argv[2]).readline(), 16)
at, size = struct.unpack_from("<QH", core, 32)[0], struct.unpack_from("<H", core, 54)[0]
for i in range(struct.unpack_from("<H", core, 56)[0]):
    kind, _, offset = struct.unpack_from("<IIQ", core, at + i * size)
    if kind == 4:  # PT_NOTE: the name's length, the data's, NT_PRSTATUS, "CORE"
        registers = offset + 12 + 8 + 112
        counter = struct.unpack_from("<Q", core, registers + 16 * 8)[0]
        if not begin <= counter < begin + 64:
            sys.exit(f"FAIL: the core file says {counter:#x}, and not behind {begin:#x}")
PYTHON
