"""Writes a steering plan from a trace, by itself: checks what ct_plan.h says of the hashes.

    steer_plan.py TRACE PLAN exact|site|pauses [KEY=VALUE...]

The pattern: the first two threads that take a mutex while they hold one. KEY: any=1 (any thread),
caller=1 (by immediate caller only), gates=0, seed=N, patience=MS, timeout=MS.
"""
import os
import re
import struct
import sys

MASK = (1 << 64) - 1
ROOT = 0x636F6E6374726163
THREAD, FORK, IMAGE = 1, 2, 3
FRAMES = 8
REQUEST = 1


def mix(value, more):
    value = (value ^ more) * 0x9E3779B97F4A7C15 & MASK
    value = (value ^ value >> 32) * 0xD6E8FEB86659FD93 & MASK
    return value ^ value >> 29


def hash_bytes(data):
    value = len(data)
    for byte in data:
        value = mix(value, byte)
    return value


def step(value, first, second):
    return mix(mix(value, first), second) | 1


def tables():
    folder = os.path.join(os.environ["CT_SOURCE"], "preload", "format")
    with open(os.path.join(folder, "payloads.def")) as file:
        sizes = {name: (int(fixed), int(element)) for name, fixed, element in
                 re.findall(r"^PAYLOAD\((\w+), (\d+), (\d+),", file.read(), re.M)}
    with open(os.path.join(folder, "events.def")) as file:
        return {int(number): (name, effect, sizes[payload]) for number, name, effect, payload in
                re.findall(r'^EVENT\((\d+), (\w+), "[^"]*", \w+, (\w+), (\w+),', file.read(), re.M)}


def packets(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        content, size = struct.unpack_from("<QQ", data, at + 40)
        _, process, _, thread = struct.unpack_from("<IIII", data, at + 72)
        yield process, thread, data[at + 88:at + content // 8]
        at += size // 8


class Trace:
    def __init__(self, folder):
        self.events = tables()
        self.threads = {}   # (process, thread): [(time, name, effect, flags, stack, object)]
        self.processes = {}  # number: (pid, parent, image, creator, command)
        self.modules, self.stacks = [], {}
        for name in sorted(os.listdir(folder)):
            if re.fullmatch(r"p\d+\.defs", name):
                self.read_definitions(os.path.join(folder, name))
            elif re.fullmatch(r"p\d+\.t\d+", name):
                self.read_events(os.path.join(folder, name))
        for events in self.threads.values():
            events.sort(key=lambda event: event[0])

    def read_definitions(self, path):
        for process, _, data in packets(path):
            number, data = struct.unpack_from("<H", data, 8)[0], data[10:]
            if number == 1:
                pid, _, own, parent, image, creator = struct.unpack_from("<6I", data, 8)
                self.processes[own] = (pid, parent, image, creator, data[32:].split(b"\0")[0])
            elif number == 2:
                start, end, bias, length = struct.unpack_from("<QQQH", data, 8)
                self.modules.append((process, start, end, bias, data[34:34 + length],
                                     data[34 + length:].split(b"\0")[0]))
            elif number == 3:
                stack, depth = struct.unpack_from("<IH", data)
                self.stacks[process, stack] = struct.unpack_from(f"<{depth}Q", data, 6)

    def read_events(self, path):
        for process, thread, data in packets(path):
            at = 0
            while at < len(data):
                time, number, flags, stack = struct.unpack_from("<QHHI", data, at)
                name, effect, (fixed, element) = self.events[number]
                first = struct.unpack_from("<Q", data, at + 16)[0] if fixed >= 8 else 0
                size = fixed
                if element:
                    size += element * struct.unpack_from("<H", data, at + 16 + fixed - 2)[0]
                self.threads.setdefault((process, thread), []).append(
                    (time, name, number, effect, flags, stack, first))
                at += 16 + size

    def path(self, process, thread):
        if thread != 1:
            for (maker, number), events in self.threads.items():
                made = [e[6] for e in events if e[3] == "THREAD_CREATE"]
                if maker == process and thread in made:
                    return step(self.path(maker, number), THREAD, made.index(thread) + 1)
        pid, parent, image, creator, command = self.processes[process]
        if not parent and not image:
            return ROOT
        if image or not creator:
            return step(self.path(parent, 1) if parent else ROOT, IMAGE, hash_bytes(command[:512]))
        forks = 0
        for _, _, _, effect, flags, _, first in self.threads[parent, creator]:
            if effect not in ("FORK", "SYSTEM"):
                continue
            if flags & REQUEST:
                forks += 1
            elif first == pid:
                break
        return step(self.path(parent, creator), FORK, forks)

    def site(self, process, frames):
        value = 0
        for frame in frames:
            found = [m for m in self.modules if m[0] == process and m[1] <= frame - 1 < m[2]]
            if not found and process != 1:  # a forked child's, of its parent
                found = [m for m in self.modules if m[1] <= frame - 1 < m[2]]
            if found:
                _, _, _, bias, build_id, path = found[-1]
                value = step(value, hash_bytes(build_id or path), frame - bias)
            else:
                value = step(value, 0, 0)
        return value

    def place(self, process, stack, event, nth, held):
        frames = self.stacks[process, stack]
        return (self.site(process, frames[:FRAMES]), self.site(process, frames[:1]), nth, event,
                held)


def patterns(trace):
    """Of each thread that takes a mutex while it holds one: its key, and gate and stop as
    (stack, event, how often it has come there)."""
    for key, events in sorted(trace.threads.items()):
        held, came, outermost = 0, {}, None
        for _, name, number, _, flags, stack, _ in events:
            if name == "MUTEX_UNLOCK":
                held -= 1
            if name != "MUTEX_LOCK" or flags & 2:  # the completion of a request
                held += name == "MUTEX_LOCK"
                continue
            came[stack] = came.get(stack, 0) + 1
            if held == 1:
                yield key, outermost, (stack, number, came[stack])
                break
            outermost = stack, number, came[stack]
            held += not flags & REQUEST


def main():
    folder, out, mode = sys.argv[1:4]
    options = {"any": 0, "caller": 0, "gates": 1, "seed": 1, "patience": 0, "timeout": 0}
    options.update((key, int(value)) for key, value in (a.split("=") for a in sys.argv[4:]))
    trace = Trace(folder)
    threads = list(patterns(trace))[:2]
    assert len(threads) == 2, threads
    plan = struct.pack("<6IQ", 0x4C504E43, 1, {"exact": 1, "site": 2, "pauses": 3}[mode], 2,
                       options["timeout"], options["patience"], options["seed"])
    for (process, thread), gate, stop in threads:
        plan += struct.pack("<Q", 0 if options["any"] else trace.path(process, thread))
        for (stack, event, nth), held in ((stop, 1), (gate, 0)):
            place = trace.place(process, stack, event, nth, held)
            if options["caller"]:
                place = (0,) + place[1:]
            if not held and not options["gates"]:
                place = (0, 0, 0, 0, 0)
            plan += struct.pack("<QQIHH", *place)
    plan += bytes(32 + 32 * 56 - len(plan))
    with open(out, "wb") as file:
        file.write(plan)


main()
