"""Twelve workers that either wait or compute, one after the other, in threads or in processes.

    python3 wait_computing.py --kind wait|computing --mode serial|threads|processes [--workers 12]

Waiting needs no processor: threads wait side by side, as the interpreter lock is given back around
every call that blocks. Computing does not get faster by threads.
"""
import argparse
import multiprocessing
import threading
import time


def wait(amount):
    time.sleep(amount * 0.1)


def computing(amount):
    total = 0
    for number in range(int(amount * 800000)):
        total += number * number
    return total


def main():
    parser = argparse.ArgumentParser()
    kinds = {"wait": wait, "computing": computing}
    makers = {"threads": threading.Thread, "processes": multiprocessing.Process}
    parser.add_argument("--kind", choices=kinds, default="wait")
    parser.add_argument("--mode", choices=["serial", *makers], default="threads")
    parser.add_argument("--workers", type=int, default=12)
    parser.add_argument("--work", type=float, default=1.0)
    options = parser.parse_args()
    if options.mode == "serial":
        for _ in range(options.workers):
            kinds[options.kind](options.work)
    else:
        workers = [makers[options.mode](target=kinds[options.kind], args=(options.work,))
                   for _ in range(options.workers)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    print(f"{options.workers} workers are done")


if __name__ == "__main__":
    main()
