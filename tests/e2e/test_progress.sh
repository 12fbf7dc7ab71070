# Long work on a trace: a line on a terminal says how far it is, and Ctrl-C ends it.
# shellcheck source=lib.sh disable=SC2016
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

compile many <<'END'
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *work(void *data)
{
	for (int i = 0; i < 300000; i++) {
		pthread_mutex_lock(&mutex);
		pthread_mutex_unlock(&mutex);
	}
	return data;
}

int main(void)
{
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, work, NULL);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
END

# on_terminal.py WHAT SAYS COMMAND...: runs COMMAND on a terminal of its own and stops it while it
# reads the trace. WHAT is `wait`: it is stopped for more than a second, and shows a line then until
# it says SAYS; or `interrupt`: it ends, says SAYS, and does not report. When it reads is not known,
# but that it does so once there is a file `done`, if COMMAND makes one: a stop may come too early or
# too late, and is tried at another moment then.
cat >on_terminal.py <<'END'
import os, pty, re, signal, subprocess, sys, time

LINE = re.compile(rb"conctrace: [0-9]+ events of ")
WIPED = b"\r\x1b[K"


def read_all(master):
    data = b""
    while True:
        try:
            more = os.read(master, 65536)
        except OSError:  # its last user is gone
            return data
        if not more:
            return data
        data += more


def state(process):
    with open(f"/proc/{process.pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0]


def attempt(moment):
    """Status and what was said on the terminal."""
    if "--force" in command:
        os.unlink("done")
    master, slave = pty.openpty()
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave,
                               start_new_session=True)
    os.close(slave)
    while not os.path.exists("done"):
        time.sleep(0.01)
    time.sleep(moment)
    process.send_signal(signal.SIGSTOP)
    while state(process) not in "TZ":
        time.sleep(0.001)
    if what == "wait":
        time.sleep(1.2)  # the line comes after a second
    if what == "interrupt":
        process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGCONT)
    said = read_all(master)
    os.close(master)
    return process.wait(), said


def is_good(status, said):
    if what == "interrupt":
        return status == 130 and says in said and b"recorded:" not in said
    last = said.rfind(WIPED)
    return status == 0 and LINE.search(said) and not LINE.search(said[last:]) and says in said[last:]


what, says, command = sys.argv[1], sys.argv[2].encode(), sys.argv[3:]
for count in range(60):
    status, said = attempt(0.02 * (count % 15 + 1))
    if is_good(status, said):
        sys.exit(0)
    if status not in ((0, 130, -signal.SIGINT) if what == "interrupt" else (0,)):
        sys.exit(f"{what}: status {status}: {said[-400:]!r}")
sys.exit(f"{what}: was not seen: {said[-400:]!r}")
END

on_terminal() {
	timeout 60 "$CT_PYTHON" on_terminal.py "$@" || fail "$*"
}

expect 0 timeout 60 "$CT_BIN" run -q -o trace -- ./many
touch "done"
on_terminal wait 'recorded:' "$CT_BIN" report trace
on_terminal interrupt 'conctrace: interrupted' "$CT_BIN" report trace
echo "ok: report on a terminal"

on_terminal wait 'recorded:' \
	"$CT_BIN" run --force -o again -- sh -c './many && touch "done"'
on_terminal interrupt 'there is no report, as it was interrupted; the trace is in again' \
	"$CT_BIN" run --force -o again -- sh -c './many && touch "done"'
expect 0 "$CT_BIN" report again
echo "ok: run on a terminal"

# Elsewhere nothing is shown.
expect 0 "$CT_BIN" report trace
[ ! -s err ] || fail "report says: $(cat err)"
echo "ok: report into files"
