"""Two threads, each of which waits for the end of the other: neither ever ends.

Wrong on purpose, it hangs. Try: conctrace run -- python3 mutual_join.py
"""
import threading

both = threading.Barrier(2)
threads = []


def join_other(number):
    both.wait()
    threads[1 - number].join()


threads.extend(threading.Thread(target=join_other, args=(number,)) for number in range(2))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
