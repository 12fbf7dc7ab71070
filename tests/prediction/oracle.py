"""Every order of a trace's events that could have been, by trying them all.

An order may stop anywhere. It keeps the order of each thread, lets every read see the write that it
saw, gives every failed try its holder, and obeys locks, semaphores, pipes, conditions and joins.
deadlocks() are the circles of threads of which each waits for a lock that the next one holds (or
for its end): the numbers, from 1, of the events they cannot do.
"""
from collections import defaultdict

EXCLUSIVE = {"acq", "tacq", "tmacq", "wake"}
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
        self.writer, self.holder = {}, {}
        self.note_what_was_seen(events)
        self.lock_units = units_as_locks(initial, events)

    def note_what_was_seen(self, events):
        last, owner = {}, {}
        for number, (thread, op, arg) in enumerate(events, 1):
            if op == "w":
                last[arg] = number
            elif op == "r":
                self.writer[number] = last.get(arg)
            elif op == "tfail":
                self.holder[number] = owner[arg]
            elif op in EXCLUSIVE or op == "racq":
                owner[arg.split(".")[-1]] = thread

    # A state: positions by thread; (variable, writer); parked threads (thread, was it signalled).
    def explore(self):
        start = (tuple(0 for _ in self.names), frozenset(), frozenset())
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
        owners, units, size, done = defaultdict(list), dict(self.initial), defaultdict(int), set()
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
                elif op in ("pw", "pr"):
                    size[arg.split(".")[0]] += int(arg.split(".")[1]) * (1 if op == "pw" else -1)
        return owners, units, size, done

    def others(self, facts, name, op, arg):
        return [t for t, m in facts[0][arg.split(".")[-1]]
                if t != name and (op != "racq" or m == "W")]

    def is_born(self, facts, name):
        return name not in self.born_by or self.born_by[name] in facts[3]

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
        if op == "pr":
            return facts[2][arg.split(".")[0]] >= int(arg.split(".")[1])
        if op == "wake" and (name, True) not in state[2]:
            return False
        if op in EXCLUSIVE or op == "racq":
            return not self.others(facts, name, op, arg)
        return True

    def is_over(self, state, name):
        return state[0][self.names.index(name)] == len(self.by_thread[name])

    def do(self, state, index, name, event):
        number, op, arg = event
        positions, written, parked = state
        positions = positions[:index] + (positions[index] + 1,) + positions[index + 1:]
        if op == "w":
            written = frozenset((v, n) for v, n in written if v != arg) | {(arg, number)}
        elif op == "wait":
            parked = parked | {(name, False)}
        elif op == "wake":
            parked = parked - {(name, True)}
        waiting = [p for p in parked if not p[1]]
        if op == "bcast":
            parked = frozenset((t, True) for t, _ in parked)
        elif op == "sig" and waiting:
            return [(positions, written, parked - {p} | {(p[0], True)}) for p in waiting]
        return [(positions, written, parked)]

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
        """Whether threads that run so, (thread, how many events) in turn, stand in the circle."""
        states = [(tuple(0 for _ in self.names), frozenset(), frozenset())]
        for name, until in runs:
            index = self.names.index(name)
            while states and states[0][0][index] < until:
                after = []
                for state in states:
                    event = self.by_thread[name][state[0][index]]
                    if self.can(state, self.facts(state), name, event):
                        after += self.do(state, index, name, event)
                states = after
        return any(self.stands(state, circle) for state in states)

    def stands(self, state, circle):
        facts, here = self.facts(state), []
        for index, name in enumerate(self.names):
            if state[0][index] < len(self.by_thread[name]):
                event = self.by_thread[name][state[0][index]]
                if event[0] in circle and not self.can(state, facts, name, event):
                    here.append(event[0])
        return sorted(here) == sorted(circle)


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
