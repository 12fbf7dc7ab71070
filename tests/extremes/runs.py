"""Random runs that went well of random programs that communicate, as text traces.

Each thread is a small program made of patterns (a wait under a lock, a post under a lock, a flag set
before a signal ...); a random scheduler runs them by what the operations do. Runs that hang are
thrown away. An event is (thread, operation, argument).
"""
import random

PIPE_ROOM = 2


class Program:
    """The threads' programs, and what the objects begin with."""

    def __init__(self, rng, kind):
        self.rng, self.kind = rng, kind
        self.units = {"s": rng.choice((0, 0, 1)), "u": rng.choice((0, 1, 2))}
        self.parties = {"b": 2}
        self.threads = {}
        count = rng.choice((2, 3, 3))
        names = [f"T{i}" for i in range(count)]
        forks = rng.random() < 0.35
        for name in names:
            self.threads[name] = self.body()
        if forks:
            self.start_them(names)

    def body(self):
        ops = []
        for _ in range(self.rng.choice((1, 2, 2, 3))):
            ops += self.maybe_locked(self.pattern())
        return ops

    def pattern(self):
        rng = self.rng
        name = rng.choice(self.kind)
        if name == "condition":
            mutex = rng.choice("mmn")
            if rng.random() < 0.5:
                inside = [("wait", "c." + mutex), ("wake", "c." + mutex)]
                if rng.random() < 0.3:
                    inside.insert(0, ("r", "x"))
            else:
                inside = [(rng.choice(("sig", "sig", "bcast")), "c")]
                if rng.random() < 0.3:
                    inside.insert(0, ("w", "x"))
                if rng.random() < 0.2:
                    return inside
            return [("acq", mutex)] + inside + [("rel", mutex)]
        if name == "semaphore":
            return [(rng.choice(("post", "post", "swait", "swait")), rng.choice("su"))]
        if name == "pipe":
            return [(rng.choice(("pw", "pr")), "p.1")]
        if name == "barrier":
            return [("barin", "b"), ("barout", "b")]
        if name == "value":
            return [(rng.choice("rw"), rng.choice("xy"))]
        if name == "reader":
            return [("racq", "q"), ("rrel", "q")] if rng.random() < 0.5 else [
                ("acq", "q"), ("rel", "q")]
        lock = rng.choice("kl")
        return [("acq", lock), ("rel", lock)]

    def maybe_locked(self, ops):
        if self.rng.random() < 0.45:
            lock = self.rng.choice("kl")
            if not any(arg == lock for _, arg in ops):
                return [("acq", lock)] + ops + [("rel", lock)]
        return ops

    def start_them(self, names):
        """The first one creates the others, joins some, perhaps holding a lock."""
        main = self.threads[names[0]]
        joins = [("join", n) for n in names[1:] if self.rng.random() < 0.7]
        if joins and self.rng.random() < 0.4:
            joins = [("acq", "l")] + joins + [("rel", "l")]
        self.threads[names[0]] = [("fork", n) for n in names[1:]] + main + joins


class Run:
    """A schedule of a program, chosen at random; it may go wrong."""

    def __init__(self, rng, program):
        self.rng, self.program = rng, program
        self.at = {t: 0 for t in program.threads}
        self.owner, self.readers = {}, {}
        self.units, self.bytes = dict(program.units), 0
        self.arrived, self.goal = 0, {}
        self.parked = {}  # thread: was it signalled
        created = {arg for ops in program.threads.values() for op, arg in ops if op == "fork"}
        self.born = set(program.threads) - created
        self.events = []

    def over(self, t):
        return self.at[t] == len(self.program.threads[t])

    def can(self, t):
        if t not in self.born or self.over(t):
            return False
        op, arg = self.program.threads[t][self.at[t]]
        if op == "acq":
            return arg not in self.owner and not self.readers.get(arg)
        if op == "racq":
            return arg not in self.owner
        if op == "wake":
            return self.parked[t] and arg.split(".")[1] not in self.owner
        if op == "swait":
            return self.units[arg] > 0
        if op == "barout":
            return self.arrived >= self.goal[t]
        if op == "pw":
            return self.bytes < PIPE_ROOM
        if op == "pr":
            return self.bytes > 0
        return op != "join" or (arg in self.born and self.over(arg))

    def do(self, t):
        op, arg = self.program.threads[t][self.at[t]]
        self.at[t] += 1
        self.events.append((t, op, arg))
        if op == "acq":
            self.owner[arg] = t
        elif op == "rel":
            del self.owner[arg]
        elif op in ("racq", "rrel"):
            self.readers[arg] = self.readers.get(arg, 0) + (1 if op == "racq" else -1)
        elif op == "wait":
            del self.owner[arg.split(".")[1]]
            self.parked[t] = False
        elif op == "wake":
            self.owner[arg.split(".")[1]] = t
            del self.parked[t]
        elif op in ("sig", "bcast"):
            waiting = [u for u in self.parked if not self.parked[u]]
            for u in waiting[:1] if op == "sig" else waiting:
                self.parked[u] = True
        elif op in ("post", "swait"):
            self.units[arg] += 1 if op == "post" else -1
        elif op == "barin":
            self.arrived += 1
            self.goal[t] = -(-self.arrived // 2) * 2
        elif op in ("pw", "pr"):
            self.bytes += 1 if op == "pw" else -1
        elif op == "fork":
            self.born.add(arg)

    def went_well(self):
        while True:
            ready = [t for t in self.at if self.can(t)]
            if not ready:
                return all(self.over(t) for t in self.at)
            t = self.rng.choice(ready)
            for _ in range(self.rng.choice((1, 1, 2, 4))):
                if self.can(t):
                    self.do(t)


KINDS = {
    "conditions": ("condition", "condition", "lock", "value"),
    "semaphores": ("semaphore", "semaphore", "lock", "value"),
    "barriers": ("barrier", "barrier", "lock", "semaphore"),
    "pipes": ("pipe", "pipe", "lock", "value"),
    "joins": ("lock", "semaphore", "reader", "value"),
    "values": ("condition", "semaphore", "value", "value", "value"),
    "mixed": ("condition", "semaphore", "barrier", "pipe", "lock", "reader", "value"),
}


def make(seed, name):
    """A run that went well and did communicate."""
    rng = random.Random(f"{name} {seed}")
    while True:
        program = Program(rng, KINDS[name])
        if sum(map(len, program.threads.values())) > 24:
            continue
        for _ in range(10):
            run = Run(rng, program)
            if run.went_well() and len(run.events) > 3:
                return program, run.events


def text(program, events):
    lines = [f"#sem {name}={units}" for name, units in program.units.items()]
    lines += ["#bar b=2", f"#pipe p={PIPE_ROOM}"]
    lines += [f"{t}|{op}({arg})|{i}" for i, (t, op, arg) in enumerate(events, 1)]
    return "\n".join(lines) + "\n"
