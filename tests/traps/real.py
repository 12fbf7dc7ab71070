"""Programs of the distribution that run with traps: they have no debug information, and are taken to
have no races that matter. Each session is a command, and perhaps clients that talk to it."""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

import trials

PYTHON = """
import queue, threading
lock, jobs, total = threading.Lock(), queue.Queue(8), [0]
def work():
    while (job := jobs.get()) is not None:
        with lock:
            total[0] += sum(x * x for x in range(job % 50))
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for i in range(2000): jobs.put(i)
for t in threads: jobs.put(None)
for t in threads: t.join()
assert total[0] == sum(sum(x * x for x in range(i % 50)) for i in range(2000))
print("end")
"""
# Both the index and the query are sorted by threads.
SQLITE = """
pragma threads = 2; pragma cache_size = 10;
create table t as with recursive c(x) as (select 1 union all select x + 1 from c where x < 60000)
 select x, x * 7919 % 100003 as y, hex(x * x) as z from c;
create index i on t(y, z);
select count(*), max(y) from (select y from t order by z, y);
"""


class Session:
    """A command that ends by itself."""

    def __init__(self, name, command, options=()):
        self.name, self.command, self.options = name, command, list(options)

    def record(self):
        recorded = trials.Recorded(self.command, self.options)
        if not recorded.ended_well:
            raise trials.Problem(f"did not end well: {recorded.stderr[-800:]}")
        return recorded


class Server(Session):
    """A server on a socket of its own, and what a client does before it is told to end."""

    def __init__(self, name, command, client):
        super().__init__(name, command)
        self.client = client

    def record(self):
        with tempfile.TemporaryDirectory(prefix="ct-server.") as folder:
            path = os.path.join(folder, "socket")
            problems = []
            thread = threading.Thread(target=self.talk, args=(path, folder, problems))
            thread.start()
            recorded = trials.Recorded([word.format(socket=path, folder=folder)
                                        for word in self.command])
            thread.join()
        if problems or not recorded.ended_well:
            raise trials.Problem(f"{problems} {recorded.stderr[-800:]}")
        return recorded

    def talk(self, path, folder, problems):
        try:
            wait_for(path)
            self.client(path, folder)
        except (OSError, AssertionError, subprocess.SubprocessError) as error:
            problems.append(repr(error))


def wait_for(path):
    """Until a server answers there."""
    for _ in range(400):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(path)
                return
            except OSError:
                time.sleep(0.05)  # a pause between polls; what is waited for is the server
    raise OSError("the server does not answer")


def quiet(*command):
    subprocess.run(command, check=True, capture_output=True, timeout=trials.LIMIT_SECONDS)


def use_redis(path, _):
    quiet("redis-benchmark", "-s", path, "-n", "300", "-c", "10", "-t", "set,get,incr,lpush", "-q")
    quiet("redis-cli", "-s", path, "bgrewriteaof")
    subprocess.run(["redis-cli", "-s", path, "shutdown", "nosave"], capture_output=True,
                   timeout=trials.LIMIT_SECONDS, check=False)


def ask_memcached(path, number):
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        with client.makefile("rwb") as file:
            for i in range(200):
                file.write(b"set k%d.%d 0 0 3\r\nabc\r\n" % (number, i))
                file.flush()
                assert file.readline() == b"STORED\r\n"
                file.write(b"get k%d.%d\r\n" % (number, i))
                file.flush()
                assert [file.readline() for _ in range(3)][1] == b"abc\r\n"


def use_memcached(path, folder):
    clients = [threading.Thread(target=ask_memcached, args=(path, n)) for n in range(6)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    with open(os.path.join(folder, "pid"), encoding="ascii") as file:
        os.kill(int(file.read()), 15)


def sessions():
    """Those that can run here."""
    python = shutil.which("python3", path="/usr/bin:/bin") or sys.executable
    megabytes = os.path.realpath(python)  # something to compress
    made = [Session("python3", [python, "-c", PYTHON]),
            Session("pbzip2", ["pbzip2", "-q", "-k", "-c", "-b1", "-p3", megabytes]),
            Session("sqlite3", ["sqlite3", ":memory:", SQLITE], ["--traps=main,libsqlite3.so.0"]),
            Session("xz", ["xz", "-1", "-T3", "--block-size=256KiB", "-k", "-c", megabytes]),
            Session("zstd", ["zstd", "-q", "-T3", "-B256KiB", "-c", megabytes]),
            Session("pigz", ["pigz", "-p3", "-c", megabytes]),
            Server("redis-server", ["redis-server", "--port", "0", "--unixsocket", "{socket}",
                                    "--dir", "{folder}", "--io-threads", "2",
                                    "--io-threads-do-reads", "yes", "--appendonly", "yes",
                                    "--save", "", "--loglevel", "warning"], use_redis),
            Server("memcached", ["memcached", "-u", "root", "-t", "3", "-s", "{socket}",
                                 "-P", "{folder}/pid"], use_memcached)]
    return [session for session in made if shutil.which(session.command[0])]
