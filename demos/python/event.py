"""Three threads wait for one event; then they all go on."""
import threading

ready = threading.Event()
waiting = threading.Semaphore(0)
results = []


def work(number):
    waiting.release()
    ready.wait()
    results.append(number)


threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
for _ in threads:
    waiting.acquire()
print("set")
ready.set()
for thread in threads:
    thread.join()
print(sorted(results))
