# Programs that nobody here wrote behave the same with the recorder and without.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

same 20 "$CT_PROGRAMS/cxx_mix"
same 20 "$CT_PROGRAMS/malloc_takes_mutex"

python=$CT_PYTHON
same 20 "$python" -c '
import threading, queue
q = queue.Queue(); sums = []
def work():
    s = 0
    while (n := q.get()) is not None: s += n
    sums.append(s)
ts = [threading.Thread(target=work) for _ in range(4)]
for t in ts: t.start()
for n in range(2000): q.put(n)
for t in ts: q.put(None)
for t in ts: t.join()
print(sum(sums), threading.active_count())'
same 20 "$python" -c '
import multiprocessing as mp
def square(n): return n * n
if __name__ == "__main__":
    with mp.get_context("fork").Pool(3) as pool: print(sum(pool.map(square, range(200))))
    v = mp.Value("i", 0)
    def add():
        for _ in range(200):
            with v.get_lock(): v.value += 1
    ps = [mp.Process(target=add) for _ in range(3)]
    for p in ps: p.start()
    for p in ps: p.join()
    print(v.value, [p.exitcode for p in ps])'

command -v pbzip2 >/dev/null || { echo "pbzip2 is not here"; exit 77; }
seq 400000 >"$work/numbers"
same 20 pbzip2 -p3 -b1 -c "$work/numbers"
