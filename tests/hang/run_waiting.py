"""Programs that wait for something that may still come are never called hung.

    run_waiting.py [NAME...]

All run at once under `conctrace run`, which ends them by its time limit: 124, and no finding. The
limit is CT_WAITING seconds (3; the release check takes 10). While it watches, `conctrace` takes at
most MEAN_PERCENT of a core on average over all of them, and ONE_PERCENT for any: far above what is
seen in a quiet place over 10 s (0.2 %), as in 3 s of a busy one the start counts, and by ticks.
"""
import json
import os
import pty
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

SECONDS = float(os.environ.get("CT_WAITING", "3"))
TIMEOUT_STATUS = 124
MEAN_PERCENT, ONE_PERCENT = 4, 20
HUNG = re.compile(r"program hangs|(error|warning|note)\[")
TICKS = os.sysconf("SC_CLK_TCK")

NGINX = """daemon off; user root; worker_processes 2; pid {0}/pid; error_log {0}/log;
events {{ worker_connections 16; }}
http {{ access_log off; client_body_temp_path {0}/b; proxy_temp_path {0}/p; fastcgi_temp_path {0}/f;
uwsgi_temp_path {0}/u; scgi_temp_path {0}/s; server {{ listen unix:{0}/socket; }} }}
"""
CLIENT = "import socket; s = socket.create_connection(('127.0.0.1', {0})); s.recv(1)"


def environment(top):
    return {**os.environ, "CT_FIFO": f"{top}/fifo", "CT_NEW_FIFO": f"{top}/new-fifo",
            "CT_SHARED": f"{top}/shared", "CT_SEM": f"/{os.path.basename(top)}",
            "CT_MEMORY": f"{top}/memory", "CT_GATE": f"/{os.path.basename(top)}.gate",
            "CT_SOCKET": f"{top}/socket"}


class Waiting:
    """One program that waits."""

    def __init__(self, top, name, command, stdin=subprocess.DEVNULL):
        self.name, self.folder = name, os.path.join(top, name)
        os.mkdir(self.folder)
        self.errors = os.path.join(self.folder, "errors")
        self.sarif = os.path.join(self.folder, "sarif")
        arguments = [os.environ["CT_BIN"], "run", "--timeout", str(SECONDS), "-o",
                     os.path.join(self.folder, "trace"), "--sarif", self.sarif, "--", *command]
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen(arguments, stdin=stdin, stdout=subprocess.DEVNULL,
                                            stderr=errors, env=environment(top))
        self.spent = []

    def look(self):
        """Notes when, and how long the supervisor has run until then."""
        with open(f"/proc/{self.process.pid}/stat", encoding="utf-8") as file:
            fields = file.read().rpartition(")")[2].split()
        self.spent.append((time.monotonic(), (int(fields[11]) + int(fields[12])) / TICKS))

    def share(self):
        (begin, first), (end, last) = self.spent
        return 100 * (last - first) / (end - begin)

    def problem(self):
        status = self.process.wait()
        with open(self.errors, encoding="utf-8", errors="replace") as file:
            said = file.read()
        if HUNG.search(said):
            return f"called hung:\n{said}"
        if status != TIMEOUT_STATUS:
            return f"status {status}:\n{said}"
        with open(self.sarif, encoding="utf-8") as file:
            if json.load(file)["runs"][0]["results"]:
                return "a finding"
        return "takes too much" if self.share() > ONE_PERCENT else ""


def programs(top, listener, terminals):
    """(name, command, what its standard input is)"""
    waiting = os.path.join(os.environ["CT_HANG"], "waiting")
    python = os.environ["CT_PYTHON"]
    none = subprocess.DEVNULL
    for name in ("sleeps", "new_fifo", "timer_fd", "peer", "poll_timeout", "timed_cond", "computes",
                 "timer_posts", "waits_for_signal", "event_fd", "own_futex", "own_lock_held",
                 "late_child",
                 "outside_mutex", "outside_sem", "outside_flock", "outside_fifo",
                 "flock_child", "flock_thread",
                 "outside_named", "outside_sysv"):
        yield name, [waiting, name], none
    unseen = os.path.join(os.environ["CT_HANG"], "waiting_unseen")
    for name in ("alarm_post", "alarm_circle", "receive_limit", "kernel_writes", "adopted_child",
                 "interrupted_wait", "raw_memory", "named_gate", "sysv_gate", "sent_eventfd",
                 "sent_socket", "taken_pipe"):
        yield name, [unseen, name], none
    signals = os.path.join(os.environ["CT_HANG"], "waiting_signals")
    for name in ("daemon_sem_sigterm", "daemon_selfpipe", "daemon_child", "handler_exits",
                 "timer_posts_often"):
        yield name, [signals, name], none
    yield "parked_child", [unseen, "parked_child"], subprocess.PIPE
    yield "terminal", [waiting, "terminal"], terminals[0]
    yield "child_of_outside", [waiting, "child_of_outside"], subprocess.PIPE
    yield "own_lock_given", [waiting, "own_lock_given"], subprocess.PIPE
    yield "python_repl", [python, "-i", "-q"], terminals[1]
    yield "outside_peer", [python, "-c", CLIENT.format(listener.getsockname()[1])], none
    yield "sleep_into_cat", ["sh", "-c", "sleep 60 | cat"], none
    yield "cat", ["cat"], subprocess.PIPE
    search = os.environ["PATH"] + ":/usr/sbin:/sbin"
    redis, nginx = (shutil.which(name, path=search) for name in ("redis-server", "nginx"))
    if redis:
        yield "redis", [redis, "--port", "0", "--unixsocket", f"{top}/redis-socket", "--save", "",
                        "--dir", top], none
    if nginx:
        folder = os.path.join(top, "nginx-files")
        os.mkdir(folder)
        with open(f"{folder}/conf", "w", encoding="utf-8") as file:
            file.write(NGINX.format(folder))
        yield "nginx", [nginx, "-p", folder, "-c", f"{folder}/conf"], none


def hold(top, program):
    """Starts a program that has what others wait for."""
    holder = subprocess.Popen([os.path.join(os.environ["CT_HANG"], program), "holder"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(top))
    if holder.stdout.readline() != b"ready\n":
        sys.exit(f"the holder of {program} cannot hold")
    return holder


def watch(top, words):
    with socket.create_server(("127.0.0.1", 0)) as listener, \
            hold(top, "waiting"), hold(top, "waiting_unseen"):
        try:
            terminals = [pty.openpty() for _ in range(2)]
        except OSError as error:  # no /dev/pts
            print(f"no terminals here: {error}")
            sys.exit(77)
        running = [Waiting(top, *program)
                   for program in programs(top, listener, [slave for _, slave in terminals])
                   if not words or program[0] in words]
        time.sleep(SECONDS * 0.4)  # to be past the start; nothing depends on it
        for one in running:
            one.look()
        time.sleep(SECONDS * 0.4)
        for one in running:
            one.look()
        problems = [(one, one.problem()) for one in running]
    return problems


def main(words):
    with tempfile.TemporaryDirectory(prefix="ct-waiting.") as top:
        problems = watch(top, words)
    for one, problem in problems:
        print(f"{one.name:20} {one.share():5.1f} % of a core  {problem or 'ok'}")
    bad = sum(bool(problem) for _, problem in problems)
    mean = sum(one.share() for one, _ in problems) / len(problems)
    print(f"{len(problems) - bad} of {len(problems)} waited {SECONDS:g} s; "
          f"conctrace took {mean:.2f} % of a core on average")
    return 1 if bad or mean > MEAN_PERCENT else 0


sys.exit(main(sys.argv[1:]))
