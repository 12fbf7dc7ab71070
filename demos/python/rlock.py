"""An account whose methods call each other under one lock: that needs an RLock, which the thread
that has it may take again. With a plain Lock, transfer() would wait for itself for ever.

    python3 rlock.py [--wrong]      --wrong: with a plain lock; it hangs
"""
import sys
import threading

lock = threading.Lock() if "--wrong" in sys.argv else threading.RLock()
balance = {"ann": 100, "bob": 0}


def change(name, amount):
    with lock:
        balance[name] += amount


def transfer():
    for _ in range(10):
        with lock:
            change("ann", -1)
            change("bob", 1)


threads = [threading.Thread(target=transfer) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(balance["ann"], balance["bob"])
