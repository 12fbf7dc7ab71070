"""A timer that starts itself again, until an event stops it. Each start comes a little late, and
the next is counted from there: it drifts."""
import threading

stop = threading.Event()
ticks = 0


def tick():
    global ticks
    ticks += 1
    if ticks == 5:
        stop.set()
    else:
        start()


def start():
    threading.Timer(0.05, tick).start()


start()
stop.wait()
print(ticks, "ticks")
