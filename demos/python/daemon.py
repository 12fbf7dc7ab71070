"""A daemon thread ends with the program, in the middle of what it does; another one is waited for
when the program ends."""
import threading
import time

started = threading.Event()


def background():
    started.set()
    time.sleep(60)
    print("never printed")


def foreground():
    time.sleep(0.1)
    print("the other thread is done")


threading.Thread(target=background, daemon=True).start()
threading.Thread(target=foreground).start()
started.wait()
print("the main thread is done")
