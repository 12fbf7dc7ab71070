"""Work for three daemon workers through a queue; join() waits until all of it was said to be
done."""
import queue
import threading

work = queue.Queue()
results = []


def worker():
    while True:
        number = work.get()
        results.append(number * number)
        work.task_done()


for _ in range(3):
    threading.Thread(target=worker, daemon=True).start()
for number in range(10):
    work.put(number)
work.join()
print(sorted(results))
