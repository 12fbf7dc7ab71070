# A deadlock anywhere below the program is found, and all of its processes are ended.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile selfish <<'C'
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

int main(void)
{
	FILE *file = fopen("pid", "w");

	fprintf(file, "%d\n", (int)getpid());
	fclose(file);
	pthread_mutex_lock(&lock);
	return pthread_mutex_lock(&lock);
}
C
expect 66 timeout 60 "$CT_BIN" run -o self ./selfish
has err self-deadlock
gone "$(cat pid)" || fail "the program was not ended"
expect 66 "$CT_BIN" report self

# behind exec, and with a parent that waits for it
expect 66 timeout 60 "$CT_BIN" run sh -c 'exec ./selfish'
expect 66 timeout 60 "$CT_BIN" run sh -c './selfish; true'
gone "$(cat pid)" || fail "the program was not ended"

# one that ignores SIGTERM
expect 66 timeout 60 "$CT_BIN" run sh -c 'trap "" TERM; exec ./selfish'
gone "$(cat pid)" || fail "the program was not ended"

expect 0 timeout 60 "$CT_BIN" run --error-exitcode=0 ./selfish
expect 66 timeout 60 "$CT_BIN" run --fail-on=observed ./selfish
