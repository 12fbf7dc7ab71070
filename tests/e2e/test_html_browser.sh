# The HTML report in a browser: the timeline is used as a user would, hostile names stay text,
# nothing is asked from a network, and without scripts all is there but the controls.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile hostile <<'C'
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t accounts = PTHREAD_MUTEX_INITIALIZER, journal = PTHREAD_MUTEX_INITIALIZER;
static int first_is_through; /* orders the two, unseen */

/* Takes two locks, in an order that depends on who it is; never at the same time. */
static void *work(void *name)
{
	static int turn;

	pthread_setname_np(pthread_self(), name);
	for (int i = 0; i < 200; i++) {
		pthread_mutex_lock(&accounts);
		usleep(20);
		pthread_mutex_unlock(&accounts);
	}
	if (__atomic_fetch_add(&turn, 1, __ATOMIC_SEQ_CST) == 0) {
		pthread_mutex_lock(&accounts);
		pthread_mutex_lock(&journal);
		pthread_mutex_unlock(&journal);
		pthread_mutex_unlock(&accounts);
		__atomic_store_n(&first_is_through, 1, __ATOMIC_SEQ_CST);
	} else {
		while (!__atomic_load_n(&first_is_through, __ATOMIC_SEQ_CST))
			usleep(100);
		pthread_mutex_lock(&journal);
		pthread_mutex_lock(&accounts);
		pthread_mutex_unlock(&accounts);
		pthread_mutex_unlock(&journal);
	}
	return NULL;
}

/* Only waits. */
static void *idle(void *name)
{
	pthread_setname_np(pthread_self(), name);
	usleep(1000);
	return NULL;
}

int main(int argc, char **argv)
{
	/* a name has at most 15 characters */
	static char script[] = "</script><b>x", attribute[] = "\"onmouseover=x", note[] = "<!--<script>";
	pthread_t threads[3];

	(void)argc;
	(void)argv;
	pthread_create(&threads[0], NULL, work, script);
	pthread_create(&threads[1], NULL, work, attribute);
	pthread_create(&threads[2], NULL, idle, note);
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
C
mv hostile '<img src=x onerror=hacked()>'
expect 66 timeout 60 "$CT_BIN" run --fail-on=potential -o trace --html page.html -- \
	'./<img src=x onerror=hacked()>' '</script><script>window.hacked=1</script>' '<!--<script>'
has page.html '<h2>Timeline</h2>'
[ "$(wc -c <page.html)" -lt 1000000 ] || fail "the page of a small trace has $(wc -c <page.html) bytes"

timeout 100 "$CT_PYTHON" -B "$CT_SOURCE/tests/e2e/html_browser.py" page.html || fail "in the browser"
