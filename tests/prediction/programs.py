"""Random runs of random programs, as text traces (docs/trace-format.md).

A run is made by letting threads do what they can do at that moment, so that every trace is one that
a real scheduler could have made. An event is (thread, operation, argument).
"""
import random


PIPES = ("p1", "p2", "p3", "p9")


def room(pipe):
    """How many bytes it holds: it is named after that."""
    return int(pipe[1:])


class Kind:
    """What a family of traces is made of: how many of each, and how often each operation."""

    def __init__(self, **weights):
        self.threads = weights.pop("threads", (2, 3))
        self.locks = weights.pop("locks", (2, 3))
        self.events = weights.pop("events", (14, 22))
        self.guarded = weights.pop("guarded", False)  # variables are touched under their lock only
        self.weights = dict(acq=6, rel=6)
        self.weights.update(weights)


KINDS = {
    "locks": Kind(),
    "three": Kind(threads=(3, 4), locks=(3, 3), events=(18, 26)),
    "values": Kind(r=1, w=1),
    "joins": Kind(threads=(3, 4), fork=2, join=3, end=2, events=(14, 24)),
    "joins and values": Kind(threads=(3, 3), fork=2, join=3, end=2, r=1, w=1, events=(14, 22)),
    "readers": Kind(racq=4, fork=0.5, r=0.5, w=0.5),
    "tries": Kind(tacq=2, tfail=2, tmacq=1),
    "semaphores": Kind(post=2, swait=2),
    "semaphores as locks": Kind(threads=(2, 3), locks=(1, 1), take=5, give=5, events=(14, 20)),
    "conditions": Kind(threads=(2, 3), wait=2, sig=2, bcast=0.5, wake=3, events=(14, 20)),
    "pipes": Kind(pw=2, pr=2),
    "pipes, three or four threads": Kind(threads=(3, 4), locks=(2, 2), pw=3, pr=3, events=(16, 22)),
    "pipes, joins and values": Kind(threads=(3, 3), locks=(2, 2), fork=2, join=3, end=2, r=0.5,
                                    w=0.5, pw=2, pr=2, events=(14, 22)),
    "mixed": Kind(threads=(3, 3), racq=2, fork=1, join=2, end=1, r=1, w=1, tacq=1, tfail=1, post=1,
                  swait=1, take=1, give=1, pw=0.5, pr=0.5, events=(14, 20)),
}
GUARDED = {
    "guarded values": Kind(r=2, w=2, guarded=True),
    "guarded values and joins": Kind(threads=(3, 3), fork=2, join=3, end=2, r=1, w=1, guarded=True),
    "guarded values, three": Kind(threads=(3, 4), locks=(3, 3), r=1, w=1, guarded=True,
                                  events=(18, 24)),
    "guarded values and semaphores": Kind(r=1, w=1, guarded=True, post=1, swait=1, take=2, give=2),
}


class Run:
    """One run in the making."""

    def __init__(self, rng, kind):
        self.rng, self.kind = rng, kind
        self.threads = [f"T{i}" for i in range(rng.randint(*kind.threads))]
        self.locks = [f"l{i}" for i in range(rng.randint(*kind.locks))]
        self.turns = ["u0", "u1"] if "take" in kind.weights else []
        forks = kind.weights.get("fork", 0) > 0
        self.alive = self.threads[:1] if forks else list(self.threads)
        self.unborn = self.threads[1:] if forks else []
        self.ended, self.joined = [], set()
        self.held = {t: [] for t in self.threads}    # (lock, mode), oldest first
        self.parked = {}                             # thread: [condition, mutex, was signalled]
        self.units = {"s": rng.choice((0, 0, 1, 2)), **{u: 1 for u in self.turns}}
        self.initial = dict(self.units)
        pipes = rng.sample(PIPES, rng.choice((1, 1, 2)))
        self.bytes = {pipe: 0 for pipe in pipes}
        self.events = []

    def add(self, thread, op, arg):
        self.events.append((thread, op, arg))

    def owners(self, lock):
        return [(t, m) for t in self.threads for (l, m) in self.held[t] if l == lock]

    def free(self, lock, mode):
        return all(m == "R" and mode == "R" for _, m in self.owners(lock))

    def begin_wait(self, t):
        locks = [l for l, m in self.held[t] if m == "W" and l in self.locks]
        if locks:
            lock = self.rng.choice(locks)
            self.held[t].remove((lock, "W"))
            self.parked[t] = ["c", lock, False]
            self.add(t, "wait", f"c.{lock}")

    def wake(self, t):
        _, lock, signalled = self.parked[t]
        if signalled and self.free(lock, "W"):
            del self.parked[t]
            self.held[t].append((lock, "W"))
            self.add(t, "wake", f"c.{lock}")

    def signal(self, t, op):
        waiting = [p for p in self.parked.values() if not p[2]]
        for parked in waiting[:1] if op == "sig" else waiting:
            parked[2] = True
        self.add(t, op, "c")

    def take_lock(self, t, op):
        mode = "R" if op == "racq" else "W"
        lock = self.rng.choice(self.locks)
        if any(l == lock for l, _ in self.held[t]):
            return
        if op == "tfail":
            if self.owners(lock):
                self.add(t, op, lock)
        elif self.free(lock, mode):
            self.held[t].append((lock, mode))
            self.add(t, op, lock)

    def release(self, t):
        mine = [h for h in self.held[t] if h[0] in self.locks]
        if mine:
            lock = mine[-1] if self.rng.random() < 0.8 else self.rng.choice(mine)
            self.held[t].remove(lock)
            self.add(t, "rrel" if lock[1] == "R" else "rel", lock[0])

    def touch(self, t, op):
        variables = ["x", "y"]
        if self.kind.guarded:  # x belongs to l0, y to l1
            variables = [v for v, l in zip("xy", self.locks) if (l, "W") in self.held[t]]
        if variables:
            self.add(t, op, self.rng.choice(variables))

    def move_units(self, t, op):
        if op == "post":
            self.units["s"] += 1
            self.add(t, "post", "s")
        elif op == "swait" and self.units["s"]:
            self.units["s"] -= 1
            self.add(t, "swait", "s")
        elif op == "take":
            unit = self.rng.choice(self.turns)
            if self.units[unit] and (unit, "W") not in self.held[t]:
                self.units[unit] -= 1
                self.held[t].append((unit, "W"))
                self.add(t, "swait", unit)
        elif op == "give":
            mine = [h for h in self.held[t] if h[0] in self.turns]
            if mine:
                self.held[t].remove(mine[-1])
                self.units[mine[-1][0]] += 1
                self.add(t, "post", mine[-1][0])

    def move_bytes(self, t, op):
        pipe, count = self.rng.choice(list(self.bytes)), self.rng.choice((1, 1, 2))
        if op == "pr" and self.bytes[pipe] >= count:
            self.bytes[pipe] -= count
        elif op == "pw" and self.bytes[pipe] + count <= room(pipe):
            self.bytes[pipe] += count
        else:
            return
        self.add(t, op, f"{pipe}.{count}")

    def live(self, t, op):
        if op == "fork" and self.unborn:
            child = self.unborn.pop(0)
            self.alive.append(child)
            self.add(t, "fork", child)
        elif op == "join":
            ready = [c for c in self.ended if c not in self.joined]
            if ready:
                child = self.rng.choice(ready)
                self.joined.add(child)
                self.add(t, "join", child)
        elif op == "end" and t != "T0" and not self.held[t]:
            if any(e[0] == t for e in self.events):
                self.alive.remove(t)
                self.ended.append(t)

    def step(self):
        t = self.rng.choice(self.alive)
        ops, weights = zip(*self.kind.weights.items())
        op = self.rng.choices(ops, weights)[0]
        if t in self.parked:
            self.wake(t)
        elif op in ("acq", "racq", "tacq", "tmacq", "tfail"):
            self.take_lock(t, op)
        elif op == "rel":
            self.release(t)
        elif op in "rw":
            self.touch(t, op)
        elif op == "wait":
            self.begin_wait(t)
        elif op in ("sig", "bcast"):
            self.signal(t, op)
        elif op in ("post", "swait", "take", "give"):
            self.move_units(t, op)
        elif op in ("pw", "pr"):
            self.move_bytes(t, op)
        else:
            self.live(t, op)

    def wind_up(self):
        for t in self.threads:
            while self.held[t]:
                lock, mode = self.held[t].pop()
                op = "post" if lock in self.turns else "rrel" if mode == "R" else "rel"
                self.add(t, op, lock)


def make(seed, name):
    """(initial values of semaphores, events) of the run with this seed."""
    kind = KINDS.get(name) or GUARDED[name]
    rng = random.Random(f"{name} {seed}")
    run = Run(rng, kind)
    length = rng.randint(*kind.events)
    for _ in range(40 * length):
        if len(run.events) >= length:
            break
        run.step()
    run.wind_up()
    return run.initial, run.events


def text(initial, events):
    """The trace as a file. The location of an event is its number."""
    lines = [f"#sem {name}={value}" for name, value in initial.items()]
    lines += [f"#pipe {pipe}={room(pipe)}" for pipe in PIPES]
    lines += [f"{t}|{op}({arg})|{i}" for i, (t, op, arg) in enumerate(events, 1)]
    return "\n".join(lines) + "\n"
