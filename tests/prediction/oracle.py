"""Every order of a trace's events that could have been, by trying them all.

An order may stop anywhere. It keeps the order of each thread, lets every read see the write that it
saw, gives every failed try its holder and every read of a pipe the bytes that it got, and obeys
locks, semaphores, pipes with their room, conditions and joins.
deadlocks() are the circles of threads of which each waits for a lock that the next one holds (or
for its end): the numbers, from 1, of the events they cannot do.
"""
from collections import defaultdict, deque

import programs

EXCLUSIVE = {"acq", "tacq", "tmacq", "wake"}
ACCESSES = ("r", "w")
PATIENT = {"acq", "racq", "wake", "swait"}  # wait as long as it takes


class Oracle:
    def __init__(self, initial, events):
        self.initial = initial
        self.by_thread = defaultdict(list)
        self.names = []
        for number, (thread, op, arg) in enumerate(events, 1):
            for name in (thread, arg) if op in ("fork", "join") else (thread,):
                if name not in self.names:
                    self.names.append(name)
            self.by_thread[thread].append((number, op, arg))
        self.born_by = {arg: number for number, (_, op, arg) in enumerate(events, 1) if op == "fork"}
        self.writer, self.holder, self.got = {}, {}, {}
        self.note_what_was_seen(events)
        self.lock_units = units_as_locks(initial, events)

    def note_what_was_seen(self, events):
        last, owner, pipes = {}, {}, defaultdict(deque)
        for number, (thread, op, arg) in enumerate(events, 1):
            if op == "w":
                last[arg] = number
            elif op == "r":
                self.writer[number] = last.get(arg)
            elif op == "tfail":
                self.holder[number] = owner[arg]
            elif op in ("pw", "pr"):
                pipe, count = bytes_of(arg)
                if op == "pw":
                    pipes[pipe].extend([number] * count)
                else:
                    self.got[number] = tuple(pipes[pipe].popleft() for _ in range(count))
            elif op in EXCLUSIVE or op == "racq":
                owner[arg.split(".")[-1]] = thread

    # A state: positions by thread; (variable, writer); parked threads (thread, was it signalled);
    # (pipe, number of the write that a byte in it is of), in the order of writing.
    def start(self):
        return tuple(0 for _ in self.names), frozenset(), frozenset(), ()

    def explore(self):
        start = self.start()
        seen, todo, found = {start}, [start], set()
        while todo:
            state = todo.pop()
            facts = self.facts(state)
            stuck = {}
            for index, name in enumerate(self.names):
                if state[0][index] == len(self.by_thread[name]):
                    continue
                event = self.by_thread[name][state[0][index]]
                if self.can(state, facts, name, event):
                    for after in self.do(state, index, name, event):
                        if after not in seen:
                            seen.add(after)
                            todo.append(after)
                else:
                    stuck[name] = (event, self.waits_for(state, facts, name, event))
            find_circles(stuck, found)
        return found

    def facts(self, state):
        owners, units, done = defaultdict(list), dict(self.initial), set()
        for index, name in enumerate(self.names):
            events = self.by_thread[name]
            for number, op, arg in events[:state[0][index]]:
                done.add(number)
                if op in EXCLUSIVE:
                    owners[arg.split(".")[-1]].append((name, "W"))
                elif op == "racq":
                    owners[arg].append((name, "R"))
                elif op in ("rel", "rrel", "wait"):
                    lock = arg.split(".")[-1]
                    owners[lock] = [o for o in owners[lock] if o[0] != name]
                elif op == "post":
                    units[arg] = units.get(arg, 0) + 1
                    owners[arg] = [o for o in owners[arg] if o[0] != name]
                elif op == "swait":
                    units[arg] = units.get(arg, 0) - 1
                    owners[arg].append((name, "W"))
        return owners, units, done

    def others(self, facts, name, op, arg):
        return [t for t, m in facts[0][arg.split(".")[-1]]
                if t != name and (op != "racq" or m == "W")]

    def is_born(self, facts, name):
        return name not in self.born_by or self.born_by[name] in facts[2]

    def can(self, state, facts, name, event):
        number, op, arg = event
        if not self.is_born(facts, name):
            return False
        if op == "r":
            return dict(state[1]).get(arg) == self.writer[number]
        if op == "tfail":
            return any(t == self.holder[number] for t, _ in facts[0][arg])
        if op == "join":
            return self.is_over(state, arg) and self.is_born(facts, arg)
        if op == "swait":
            return facts[1].get(arg, 0) > 0
        if op in ("pw", "pr"):
            pipe, count = bytes_of(arg)
            inside = tuple(n for p, n in state[3] if p == pipe)
            return (inside[:count] == self.got[number] if op == "pr" else
                    len(inside) + count <= programs.room(pipe))
        if op == "wake" and (name, True) not in state[2]:
            return False
        if op in EXCLUSIVE or op == "racq":
            return not self.others(facts, name, op, arg)
        return True

    def is_over(self, state, name):
        return state[0][self.names.index(name)] == len(self.by_thread[name])

    def do(self, state, index, name, event):
        number, op, arg = event
        positions, written, parked, inside = state
        positions = positions[:index] + (positions[index] + 1,) + positions[index + 1:]
        if op == "w":
            written = frozenset((v, n) for v, n in written if v != arg) | {(arg, number)}
        elif op == "wait":
            parked = parked | {(name, False)}
        elif op == "wake":
            parked = parked - {(name, True)}
        elif op == "pw":
            pipe, count = bytes_of(arg)
            inside = inside + ((pipe, number),) * count
        elif op == "pr":
            pipe, count = bytes_of(arg)
            for _ in range(count):
                first = next(i for i, (p, _) in enumerate(inside) if p == pipe)
                inside = inside[:first] + inside[first + 1:]
        waiting = [p for p in parked if not p[1]]
        if op == "bcast":
            parked = frozenset((t, True) for t, _ in parked)
        elif op == "sig" and waiting:
            return [(positions, written, parked - {p} | {(p[0], True)}, inside) for p in waiting]
        return [(positions, written, parked, inside)]

    def waits_for(self, state, facts, name, event):
        """The threads each of which would have to go on first, for as long as it takes."""
        _, op, arg = event
        if not self.is_born(facts, name):
            return []
        if op == "join":
            return [] if self.is_over(state, arg) else [arg]
        if op not in PATIENT or (op == "wake" and (name, True) not in state[2]):
            return []
        if op == "swait" and arg not in self.lock_units:
            return []
        return self.others(facts, name, op, arg)

    def replay(self, runs, circle):
        """Whether threads that run so, (thread, how many events) in turn, stand in the circle.
        Accesses are not counted: they happen whenever they can."""
        states = self.with_accesses({self.start()})
        for name, until in runs:
            index = self.names.index(name)
            told = [i for i, e in enumerate(self.by_thread[name], 1) if e[1] not in ACCESSES]
            end = told[until - 1] if until else 0
            going = {s for s in states if s[0][index] < end}
            while going:
                after = {a for state in going for a in self.do_next(state, index, ())}
                states = (states - going) | self.with_accesses(after)
                going = {s for s in states if s[0][index] < end}
        return any(self.stands(state, circle) for state in states)

    def with_accesses(self, states):
        """All that can come of the states by accesses alone."""
        found, todo = set(states), list(states)
        while todo:
            state = todo.pop()
            for index in range(len(self.names)):
                for after in self.do_next(state, index, ACCESSES):
                    if after not in found:
                        found.add(after)
                        todo.append(after)
        return found

    def do_next(self, state, index, ops):
        """The states after the thread's next event, if it can and is one of `ops`, if not empty."""
        name = self.names[index]
        for event in self.by_thread[name][state[0][index]:][:1]:
            if (not ops or event[1] in ops) and self.can(state, self.facts(state), name, event):
                return self.do(state, index, name, event)
        return []

    def stands(self, state, circle):
        facts, here = self.facts(state), []
        for index, name in enumerate(self.names):
            if state[0][index] < len(self.by_thread[name]):
                event = self.by_thread[name][state[0][index]]
                if event[0] in circle and not self.can(state, facts, name, event):
                    here.append(event[0])
        return sorted(here) == sorted(circle)


def bytes_of(arg):
    pipe, count = arg.split(".")
    return pipe, int(count)


def units_as_locks(initial, events):
    """Semaphores of one unit that only whoever took it gives back."""
    taken, others = {}, set()
    for thread, op, arg in events:
        if op == "swait":
            taken[arg] = thread
        elif op == "post":
            if taken.pop(arg, None) != thread:
                others.add(arg)
    return {name for name, value in initial.items() if value == 1} - others


def find_circles(stuck, found):
    def walk(path):
        for name in stuck[path[-1]][1]:
            if name == path[0]:
                found.add(tuple(sorted(stuck[t][0][0] for t in path)))
            elif name in stuck and name not in path and name > path[0]:
                walk(path + [name])

    for name in stuck:
        walk([name])


def deadlocks(initial, events):
    return Oracle(initial, events).explore()
