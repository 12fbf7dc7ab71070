"""Estimates pi by throwing random points at a square: the same work in one go, in threads, in
processes.

    python3 pi.py --mode serial|threads|processes [--workers 2] [--work 1500000]

Threads of Python share one interpreter lock, so these take as long as the serial program (and a
little more); processes have one each. `conctrace timing` names the lock as the reason.
"""
import argparse
import multiprocessing
import random
import threading


def inside(points, seed, hits):
    """Counts points in the quarter circle; the count goes to the list or pipe end `hits`."""
    draw = random.Random(seed).random
    found = 0
    for _ in range(points):
        x, y = draw(), draw()
        if x * x + y * y <= 1.0:
            found += 1
    (hits.append if isinstance(hits, list) else hits.send)(found)


def in_threads(points, workers):
    hits = []
    threads = [threading.Thread(target=inside, args=(points, seed, hits))
               for seed in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return hits


def in_processes(points, workers):
    ends = []
    processes = []
    for seed in range(workers):
        mine, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.Process(target=inside, args=(points, seed, theirs))
        process.start()
        theirs.close()
        ends.append(mine)
        processes.append(process)
    hits = [end.recv() for end in ends]
    for process in processes:
        process.join()
    return hits


def in_turn(points, workers):
    hits = []
    for seed in range(workers):
        inside(points, seed, hits)
    return hits


def main():
    parser = argparse.ArgumentParser()
    modes = {"serial": in_turn, "threads": in_threads, "processes": in_processes}
    parser.add_argument("--mode", choices=modes, default="threads")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--work", type=int, default=1500000)
    options = parser.parse_args()
    share = options.work // options.workers
    hits = modes[options.mode](share, options.workers)
    print(f"pi is about {4 * sum(hits) / (share * options.workers):.2f}")


if __name__ == "__main__":
    main()
