# Who becomes another user cannot go on recording, and the report says so.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

[ "$(id -u)" = 0 ] && command -v setpriv >/dev/null || exit 77
chmod 755 .
cp "$CT_LIB" .
export CONCTRACE_LIBRARY=$work/libconctrace.so

compile locks <<'C'
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int main(void)
{
	pthread_mutex_lock(&lock);
	pthread_mutex_unlock(&lock);
	return 0;
}
C
expect 0 "$CT_BIN" run -- setpriv --reuid 65534 --regid 65534 --clear-groups "$work/locks"
has err 'incomplete: calls of locks are not seen: it runs as a user who may not open the trace folder'

compile drops <<'C'
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int main(void)
{
	if (setgid(65534) || setuid(65534))
		return 1;
	if (fork() == 0)
		_exit(pthread_mutex_lock(&lock));
	wait(NULL);
	return pthread_mutex_lock(&lock);
}
C
expect 0 "$CT_BIN" run ./drops
has err 'incomplete: 2 of the processes changed to a user who may not open the trace folder'
lacks err 'full disk'
