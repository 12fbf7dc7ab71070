"""Three threads add to one number, under a lock: `python3 lock.py` prints 300."""
import threading

lock = threading.Lock()
total = 0


def add():
    global total
    for _ in range(100):
        with lock:
            total = total + 1


threads = [threading.Thread(target=add) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(total)
