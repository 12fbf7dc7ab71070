# What merely waits, for time, a person, the network or work, is never said to hang.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile idle <<'C'
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t done = PTHREAD_COND_INITIALIZER;
static int finished;

static void *compute(void *unused)
{
	time_t end = time(NULL) + 3;
	volatile long turns = 0;

	pthread_mutex_lock(&lock);
	while (time(NULL) < end)
		turns++;
	finished = 1;
	pthread_cond_broadcast(&done);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void *await(void *unused)
{
	pthread_mutex_lock(&lock);
	while (!finished)
		pthread_cond_wait(&done, &lock);
	pthread_mutex_unlock(&lock);
	return unused;
}

static void wait_for_timer(void)
{
	struct itimerspec in_3_s = {.it_value.tv_sec = 3};
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t count;

	timerfd_settime(fd, 0, &in_3_s, NULL);
	if (read(fd, &count, sizeof(count)) < 0)
		abort();
}

static void wait_for_peer(const char *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char byte;

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		abort();
	if (read(fd, &byte, 1) < 0)
		abort();
}

int main(int argc, char **argv)
{
	pthread_t threads[4];

	if (strcmp(argv[1], "sleep") == 0)
		sleep(5);
	else if (strcmp(argv[1], "timerfd") == 0)
		wait_for_timer();
	else if (strcmp(argv[1], "peer") == 0)
		wait_for_peer(argv[argc - 1]);
	else if (strcmp(argv[1], "poll") == 0)
		poll(NULL, 0, 3000);
	else
		for (int i = 0; i < 4; i++)
			pthread_create(&threads[i], NULL, i ? await : compute, NULL);
	for (int i = 0; strcmp(argv[1], "compute") == 0 && i < 4; i++)
		pthread_join(threads[i], NULL);
	return 7;
}
C

mkfifo never silent # silent: a standard input that never says anything, and never ends

# idles STATUS NAME COMMAND...: ends by itself, or by the time limit, in the background
idles() {
	wanted=$1
	name=$2
	shift 2
	(
		status=0
		timeout 100 "$CT_BIN" run -o "trace.$name" --timeout 6 "$@" <>silent >"out.$name" 2>&1 ||
			status=$?
		echo "$status $wanted" >"status.$name"
	) &
}

# a peer that nobody traces: it accepts, says nothing, and ends after a while
"$CT_PYTHON" -c '
import socket, time
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
peer, _ = listener.accept()
time.sleep(3)' >port &
until [ -s port ]; do sleep 0.05; done

for what in sleep timerfd poll compute; do
	idles 7 $what ./idle $what
done
idles 7 peer ./idle peer "$(cat port)"
idles 124 cat sh -c 'sleep inf | cat'
idles 124 tail tail -f /dev/null
idles 124 fifo cat never
if command -v script >/dev/null && script -qec true /dev/null >/dev/null 2>&1; then # /dev/pts
	idles 124 python script -qec "$CT_PYTHON -q" /dev/null
	idles 124 shell script -qec 'sh -i' /dev/null
	idles 124 terminal script -qec 'cat' /dev/null
fi
if command -v redis-server >/dev/null; then
	mkdir redis
	idles 124 redis redis-server --port 0 --unixsocket "$work/redis.sock" --dir "$work/redis" --save ''
fi
if command -v nginx >/dev/null; then
	cat >nginx.conf <<N
daemon off;
worker_processes 2;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { worker_connections 32; }
http { access_log off; client_body_temp_path $work/b; proxy_temp_path $work/p; fastcgi_temp_path $work/f;
uwsgi_temp_path $work/u; scgi_temp_path $work/s; server { listen unix:$work/nginx.sock; } }
N
	idles 124 nginx nginx -c "$work/nginx.conf" -p "$work" -e "$work/nginx.log"
fi
wait
for file in status.*; do
	name=${file#status.}
	read -r status wanted <"$file"
	[ "$status" = "$wanted" ] || fail "$name: status $status, not $wanted: $(tail -5 "out.$name")"
	lacks "out.$name" 'hangs'
done
[ "$(ls status.* | wc -l)" -ge 8 ]
