"""A list with a producer and two consumers, and a condition: "there is something in it"."""
import threading

items = []
changed = threading.Condition()
taken = []


def consume():
    while True:
        with changed:
            changed.wait_for(lambda: items)
            item = items.pop(0)
        if item is None:
            return
        taken.append(item)


def produce():
    for item in [1, 2, 3, 4, 5, 6, None, None]:
        with changed:
            items.append(item)
            changed.notify()


threads = [threading.Thread(target=consume) for _ in range(2)]
threads.append(threading.Thread(target=produce))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(taken))
