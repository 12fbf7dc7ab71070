"""Eight clients, three connections: a semaphore lets three in at a time."""
import threading
import time

connections = threading.BoundedSemaphore(3)
guard = threading.Lock()
inside = 0
most = 0


def client():
    global inside, most
    with connections:
        with guard:
            inside += 1
            most = max(most, inside)
        time.sleep(0.02)
        with guard:
            inside -= 1


threads = [threading.Thread(target=client) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("no more than 3 at once" if most <= 3 else f"{most} at once")
