"""Two processes add to one number in shared memory.

    python3 shared_value.py          under the lock that belongs to the value: 400
    python3 shared_value.py --wrong  without: a load and a store each, so updates may get lost
"""
import multiprocessing
import sys


def add(value, lock):
    for _ in range(200):
        if lock:
            with lock:
                value.value += 1
        else:
            value.value += 1


def main():
    wrong = "--wrong" in sys.argv
    value = multiprocessing.Value("i", 0, lock=not wrong)
    lock = None if wrong else value.get_lock()
    workers = [multiprocessing.Process(target=add, args=(value, lock)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    print("no more than 400" if wrong else value.value)


if __name__ == "__main__":
    main()
