"""All orders of a run's events that could have been, and the hangs that they end in.

An order keeps that of each thread, and lets every read see the write that it saw, and every byte of
a pipe be the one it was. The numbers, from 1, of what each thread of a hang asks for; of a thread
parked on a condition, or at a barrier, that of its beginning to wait.

Two notions of a hang. `certain`: nobody at all can go on, and each thread either waits for somebody
who is stuck, or for help that only stuck threads could give; whoever is off the record (a read that
would see another value) may do anything, so that nobody who waits for help is stuck then.
`likely`: whoever has no event left that would help is not expected to.
"""
from collections import defaultdict

import runs

AND, HELP, OFF, GO = range(4)
HELPERS = {"wake": ("sig", "bcast"), "swait": ("post",), "barout": ("barin",), "pr": ("pw",),
           "pw": ("pr",)}


class Explorer:
    def __init__(self, program, events):
        self.first = dict(program.units)
        self.names = list(program.threads)
        self.of = {t: [] for t in self.names}
        self.writer, last, self.turn = {}, {}, {}
        turns = defaultdict(int)
        for number, (t, op, arg) in enumerate(events, 1):
            self.of[t].append((number, op, arg))
            if op == "w":
                last[arg] = number
            elif op == "r":
                self.writer[number] = last.get(arg)
            elif op in ("pw", "pr"):
                self.turn[number] = turns[op]
                turns[op] += 1
        self.created = {arg for _, op, arg in events if op == "fork"}
        self.certain, self.likely = set(), set()
        self.helpless = set()  # those of the certain ones in which somebody waits for help

    # A state: positions; (variable, writer); parked (thread, signalled); (thread, goal at barrier);
    # whether bytes were mixed. All else follows from the positions.
    def explore(self, limit):
        start = (tuple(0 for _ in self.names), frozenset(), frozenset(), frozenset(), False)
        seen, todo = {start}, [start]
        while todo:
            state = todo.pop()
            facts = self.facts(state)
            looks = self.looks(state, facts)
            self.judge(state, facts, looks)
            for t, (look, event) in looks.items():
                if look == GO:
                    for after in self.do(state, facts, t, event):
                        if after not in seen:
                            seen.add(after)
                            todo.append(after)
            if len(seen) > limit:
                return False
        return True

    def replay(self, way, numbers):
        """Whether the threads can run like that, [(thread, its last event, accesses not counted)],
        and those that ask for `numbers` stand before them."""
        states = {(tuple(0 for _ in self.names), frozenset(), frozenset(), frozenset(), False)}
        ends = [(t, number) for t in self.names for number, _, _ in self.of[t] if number in numbers]
        for t, until in way:
            told = [i for i, (_, op, _) in enumerate(self.of[t]) if op not in ("r", "w")]
            told.append(len(self.of[t]))
            states = self.run_to(states, t, told[until - 1] + 1 if until else 0, told[until])
        for t, number in ends:
            at = [n for n, _, _ in self.of[t]].index(number)
            states = self.run_to(states, t, at, at)
        return bool(states)

    def run_to(self, states, t, least, most):
        """Of accesses after the event it is not told when they happen."""
        index, found = self.names.index(t), set()
        while states:
            found |= {s for s in states if s[0][index] >= least}
            going, states = [s for s in states if s[0][index] < most], set()
            for state in going:
                facts = self.facts(state)
                look, event = self.looks(state, facts).get(t, (OFF, None))
                if look == GO:
                    states |= set(self.do(state, facts, t, event))
                elif look == AND and event[1] == "join":  # the rest of it may be nobody's business
                    end = len(self.of[event[2]])
                    states |= self.run_to({state}, event[2], end, end) - {state}
        return found

    def facts(self, state):
        facts = {"W": {}, "R": defaultdict(list), "units": dict(self.first), "pw": 0, "pr": 0,
                 "barin": 0, "born": set(self.names) - self.created, "over": set()}
        for t, at in zip(self.names, state[0]):
            held = set()
            for _, op, arg in self.of[t][:at]:
                lock = arg.split(".")[-1]
                if op in ("acq", "wake"):
                    held.add(lock)
                elif op in ("rel", "wait"):
                    held.discard(lock)
                elif op == "racq":
                    facts["R"][lock].append(t)
                elif op == "rrel":
                    facts["R"][lock].remove(t)
                elif op in ("post", "swait"):
                    facts["units"][arg] += 1 if op == "post" else -1
                elif op in ("pw", "pr", "barin"):
                    facts[op] += 1
                elif op == "fork":
                    facts["born"].add(arg)
            facts["W"].update((lock, t) for lock in held)
        facts["over"] = {t for t, at in zip(self.names, state[0])
                         if at == len(self.of[t]) and t in facts["born"]}
        return facts

    def looks(self, state, facts):
        found = {}
        for t, at in zip(self.names, state[0]):
            if t in facts["born"] and t not in facts["over"]:
                event = self.of[t][at]
                found[t] = (self.look(state, facts, t, event), event)
        return found

    def owners(self, facts, op, arg):
        lock = arg.split(".")[-1]
        owners = {facts["W"][lock]} if lock in facts["W"] else set()
        return owners if op == "racq" else owners | set(facts["R"].get(lock, ()))

    def look(self, state, facts, t, event):
        number, op, arg = event
        if op == "wake" and (t, True) not in state[2]:
            return HELP
        if op in ("acq", "racq", "wake"):
            return AND if self.owners(facts, op, arg) else GO
        if op == "r":
            return GO if dict(state[1]).get(arg) == self.writer[number] else OFF
        if op == "join":
            return GO if arg in facts["over"] else AND
        if op == "swait":
            return GO if facts["units"][arg] > 0 else HELP
        if op == "barout":
            return GO if facts["barin"] >= dict(state[3])[t] else HELP
        if op == "pw":
            return GO if facts["pw"] - facts["pr"] < runs.PIPE_ROOM else HELP
        if op == "pr":
            if facts["pw"] == facts["pr"]:
                return HELP
            return GO if not state[4] and facts["pr"] == self.turn[number] else OFF
        return GO

    def do(self, state, facts, t, event):
        number, op, arg = event
        positions, written, parked, goals, mixed = state
        index = self.names.index(t)
        positions = positions[:index] + (positions[index] + 1,) + positions[index + 1:]
        if op == "w":
            written = frozenset((v, n) for v, n in written if v != arg) | {(arg, number)}
        elif op == "wait":
            parked = parked | {(t, False)}
        elif op == "wake":
            parked = parked - {(t, True)}
        elif op == "bcast":
            parked = frozenset((u, True) for u, _ in parked)
        elif op == "barin":
            goal = -(-(facts["barin"] + 1) // 2) * 2
            goals = frozenset((u, g) for u, g in goals if u != t) | {(t, goal)}
        elif op == "pw":
            mixed = mixed or self.turn[number] != facts["pw"]
        waiting = [p for p in parked if not p[1]]
        if op == "sig" and waiting:
            return [(positions, written, parked - {p} | {(p[0], True)}, goals, mixed)
                    for p in waiting]
        return [(positions, written, parked, goals, mixed)]

    def judge(self, state, facts, looks):
        waiting = {t: look for t, (look, _) in looks.items() if look in (AND, HELP)}
        running = any(look in (GO, OFF) for look, _ in looks.values())
        self.note(state, looks, self.knot(state, facts, looks, waiting, None), self.likely)
        self.note(state, looks, self.knot(state, facts, looks, waiting, running), self.certain)

    def knot(self, state, facts, looks, waiting, running):
        """`running` None: helpers are those who would help by the record."""
        stuck = set(waiting)
        while True:
            free = running or len(stuck) < len(waiting)
            for t in sorted(stuck):
                _, op, arg = looks[t][1]
                if waiting[t] == AND:
                    by = {arg} if op == "join" else self.owners(facts, op, arg)
                    stays = bool((by - {t}) & stuck)
                elif running is None:
                    stays = self.helpers(state, t, op, arg) <= stuck
                else:
                    stays = not free
                if not stays:
                    stuck.discard(t)
                    break
            else:
                return stuck

    def helpers(self, state, t, op, arg):
        name = arg.split(".")[0]
        return {u for u, at in zip(self.names, state[0]) if u != t and any(
            o in HELPERS[op] and a.split(".")[0] == name for _, o, a in self.of[u][at:])}

    def note(self, state, looks, stuck, found):
        if stuck:
            hang = frozenset(self.asked(state, t, looks[t]) for t in stuck)
            found.add(hang)
            if found is self.certain and any(looks[t][0] == HELP for t in stuck):
                self.helpless.add(hang)

    def asked(self, state, t, looked):
        look, (number, op, _) = looked
        if op in ("wake", "barout") and look == HELP:
            return self.of[t][state[0][self.names.index(t)] - 1][0]
        return number
