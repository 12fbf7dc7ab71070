"""Looking whether a lock is taken and taking it then are two steps: another thread may come in
between. Wrong on purpose: each thread ends the other's section.

    python3 locked_check.py            two threads meet in the section
    python3 locked_check.py --fixed    takes the lock and looks at what that says
"""
import sys
import threading

lock = threading.Lock()
looked = threading.Barrier(2)
inside = 0
most = 0


def wrong():
    global inside, most
    free = not lock.locked()
    looked.wait()  # both have looked: what they saw is old news
    if free:
        lock.acquire(blocking=False)
        inside += 1
        most = max(most, inside)
        looked.wait()
        inside -= 1
        if lock.locked():
            lock.release()


def fixed():
    global inside, most
    looked.wait()
    with lock:
        inside += 1
        most = max(most, inside)
        inside -= 1


threads = [threading.Thread(target=fixed if "--fixed" in sys.argv else wrong) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(f"at most {most} in the section at once")
