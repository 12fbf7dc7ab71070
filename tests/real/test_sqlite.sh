# SQLite by threads and by processes at once: its file locks, its shared memory, its mutexes.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
"$CT_PYTHON" -c 'import sqlite3' || { echo "python3 has no sqlite3"; exit 77; }

session() {
	$under "$CT_PYTHON" - "$run/data" <<'PYTHON'
import os, sqlite3, sys, threading

def work(number):
    db = sqlite3.connect(sys.argv[1], timeout=60, isolation_level=None)
    for i in range(25):
        db.execute("begin immediate")
        n, = db.execute("select n from total").fetchone()
        db.execute("update total set n = ?", (n + number,))
        db.execute("insert into parts values (?, ?)", (number, i))
        db.execute("commit")
    db.close()

for mode in "wal", "delete":
    db = sqlite3.connect(sys.argv[1], isolation_level=None)
    db.execute("pragma journal_mode = " + mode)
    db.executescript("drop table if exists total; drop table if exists parts;"
                     "create table total (n); insert into total values (0); create table parts (a, b)")
    db.close()
    children = []
    for number in (100, 1000):
        pid = os.fork()
        if not pid:
            work(number)
            os._exit(0)
        children.append(pid)
    threads = [threading.Thread(target=work, args=(n,)) for n in (1, 10)]
    for t in threads: t.start()
    for t in threads: t.join()
    print([os.waitpid(pid, 0)[1] for pid in children])
    db = sqlite3.connect(sys.argv[1])
    print(mode, db.execute("select n, (select count(*) from parts) from total").fetchall(),
          db.execute("pragma integrity_check").fetchall())
    db.close()
PYTHON
}

compare sqlite session
