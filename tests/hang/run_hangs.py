"""Runs the hanging programs of expected.txt under `conctrace run`, and their twins.

    run_hangs.py [RULE or PROGRAM...]

A hang must end with status 66, name its rules once each and no others, at most CT_LIMIT seconds (2)
after it began, and leave no process behind. A twin (--fixed) must end with 0 and without a finding.
Then each hang once more without `conctrace run`: `conctrace watch` has to name it, of the live
process and of the trace that is left when it was killed.
CT_TIMES (1): how often each is run; 20 for what the issue asks for. CT_HANG_ALL=1: also what is
marked `later`, which cannot fail.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CAUSES = ("deadlock", "self-deadlock", "orphaned-lock", "lost-wakeup", "missing-post",
          "pipe-deadlock", "barrier-mismatch", "stuck", "destroy-busy", "not-process-shared")
# In the report, or what `run` says at once of threads that hang while others go on.
VERDICT = re.compile(rf"\[({'|'.join(CAUSES)})\]|program hangs|unless a signal comes: ")
WATCHED = re.compile(r"(?:hangs|go on|hung|comes): .*\[([a-z-]+)\]$", re.MULTILINE)
TIMES = int(os.environ.get("CT_TIMES", "1"))
LIMIT = float(os.environ.get("CT_LIMIT", "2"))
ALL = bool(os.environ.get("CT_HANG_ALL"))
HANG_STATUS = 66
WATCH_SECONDS = 10
# Who else has such a thing or gives it back, that a timer rang, who died first, and who slept when
# it was woken in vain, is known only of a live program.
LIVE_ONLY = ("handled", "filelocks", "flock", "named", "undo", "timer", "zombie", "ignored",
             "not_shared")
# A signal could end them, so they go on until the time limit: a short one.
GOES_ON = ("missing_post_handled semaphore", "missing_post_handled pipe",
           "missing_post_handled condition", "deadlock_timer periodic", "deadlock_timer thread")
SHORT, LONG = "2", "20"
# In the environment of all processes of one run: they may run other programs, and leave their
# session or their parent.
MARK = "CT_HANG_RUN"


class Row:
    """One line of expected.txt."""

    def __init__(self, line):
        self.when, rules, self.program, *self.variant = line.split()
        # each may be one of several: a|b
        self.rules = sorted(rules.split(","))
        self.name = " ".join([self.program, *self.variant])
        self.is_live_only = any(word in self.name for word in LIVE_ONLY)
        self.limit = SHORT if self.name in GOES_ON else LONG

    def is_built(self):
        """False for C++ where there is no compiler for it."""
        source = os.path.join(os.path.dirname(os.path.abspath(__file__)), f"{self.program}.cpp")
        return not os.path.exists(source) or os.path.exists(
            os.path.join(os.environ["CT_HANG"], self.program))

    def matches(self, words):
        own = {self.name, self.program, *(r for rule in self.rules for r in rule.split("|"))}
        return not words or own & set(words)


class Run:
    """What came of one run."""

    def __init__(self):
        self.status, self.rules = None, []
        self.seconds, self.problem = None, ""


def table():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "expected.txt")
    with open(path, encoding="utf-8") as file:
        lines = [line for line in file if line.strip() and not line.startswith("#")]
    return [Row(line) for line in lines]


def listen(process):
    """Reads standard error to its end; when the verdict came, and all that was said."""
    said, verdict = [], None
    for line in process.stderr:
        said.append(line)
        if verdict is None and VERDICT.search(line):
            verdict = time.monotonic()
    return verdict or time.monotonic(), "".join(said)


def read_mark(path):
    """When the hang began; removes what the program could not."""
    began = None
    if not os.path.exists(path):
        return began
    with open(path, encoding="utf-8") as file:
        for what, value in (line.split() for line in file):
            if what == "hang":
                began = float(value)
            elif what.startswith("/"):
                if os.path.exists(what):
                    os.unlink(what)
            else:
                subprocess.run(["ipcrm", {"sem": "-s", "msg": "-q"}[what], value],
                               stderr=subprocess.DEVNULL, check=False)
    return began


def environment_of(pid):
    """That of any thread: one that has ended, as the first may have, has none."""
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            with open(f"/proc/{pid}/task/{thread}/environ", "rb") as file:
                if content := file.read():
                    return content.split(b"\0")
        except OSError:
            pass
    return []


def left_behind(work):
    """Processes of the program that still run."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if f"{MARK}={work}".encode() in environment_of(pid):
                found.append(int(pid))
        except OSError:
            pass
    return found


def end_all(work):
    """Ends them; returns whether there were any. The end of one wakes none of the others."""
    found = False
    while left := left_behind(work):
        found = True
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in left:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
    return found


def read_findings(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return sorted(result["ruleId"] for result in json.load(file)["runs"][0]["results"])


def program_of(row, work):
    return [os.path.join(os.environ["CT_HANG"], row.program), "--mark", os.path.join(work, "mark"),
            *row.variant]


def environment(work, **more):
    return {**os.environ, MARK: work, **more}


def clear(work):
    shutil.rmtree(work)
    os.mkdir(work)


def run_once(row, work, fixed):
    trace, sarif, mark = (os.path.join(work, name) for name in ("trace", "sarif", "mark"))
    limit = LONG if fixed else row.limit
    command = [os.environ["CT_BIN"], "run", "--timeout", limit, "-o", trace, "--sarif", sarif, "--",
               *program_of(row, work), *(["--fixed"] if fixed else [])]
    run = Run()
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, errors="replace",
                          env=environment(work)) as process:
        verdict, said = listen(process)
    run.status = process.returncode
    began = read_mark(mark)
    if not fixed and began is not None:
        run.seconds = verdict - began
    run.rules = read_findings(sarif)
    left = end_all(work)
    judge(run, row, fixed)
    if left and not run.problem:
        run.problem = "processes are left"
    if run.problem and os.environ.get("CT_HANG_SAY"):
        print(said)
    clear(work)
    return run


def watch(what):
    """What `conctrace watch` says: its status, the rule, all of it."""
    done = subprocess.run([os.environ["CT_BIN"], "watch", str(what)], stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, errors="replace", check=False)
    named = WATCHED.search(done.stdout)
    return done.returncode, named and named.group(1), done.stdout + done.stderr


def watch_problem(row, when, status, rule, said):
    rules = {one for names in row.rules for one in names.split("|")}
    if status == HANG_STATUS and rule in rules:
        return ""
    if os.environ.get("CT_HANG_SAY"):
        print(said)
    return f"watch, {when}: {rule or f'status {status}'}"


def watch_live(row, process, mark):
    """As long as it takes to hang, and somewhat longer."""
    end = time.monotonic() + WATCH_SECONDS
    while not os.path.exists(mark) and process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    status, rule, said = watch(process.pid)
    while status == 0 and time.monotonic() < end:
        status, rule, said = watch(process.pid)
    return watch_problem(row, "live", status, rule, said)


def watch_dead(row, work):
    traces = os.listdir(os.path.join(work, "traces"))
    if len(traces) != 1:
        return f"watch: {len(traces)} traces"
    status, rule, said = watch(os.path.join(work, "traces", traces[0]))
    if row.is_live_only and status == 0:
        return ""
    return watch_problem(row, "dead", status, rule, said)


def run_watched(row, work):
    """Without a supervisor. Returns what was wrong, or nothing."""
    preload = environment(work, LD_PRELOAD=os.environ["CT_LIB"],
                          CONCTRACE_OPTIONS=f"dir={work}/traces")
    with subprocess.Popen(program_of(row, work), stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env=preload) as process:
        problem = watch_live(row, process, os.path.join(work, "mark"))
        end_all(work)
    read_mark(os.path.join(work, "mark"))
    problem = problem or watch_dead(row, work)
    clear(work)
    return problem


def agree(rules, expected):
    return len(rules) == len(expected) and all(
        rule in one.split("|") for rule, one in zip(rules, expected))


def judge(run, row, fixed):
    if fixed:
        if run.status != 0:
            run.problem = f"twin: status {run.status}"
        elif run.rules:
            run.problem = f"twin: {','.join(run.rules)}"
    elif run.seconds is None:
        run.problem = f"no hang (status {run.status})"
    elif not agree(run.rules, row.rules):
        run.problem = "another rule" if run.rules else "not named"
    elif run.status != HANG_STATUS:
        run.problem = f"status {run.status}"
    elif run.seconds > LIMIT:
        run.problem = "late"


def run_row(row, work):
    """True when all is as expected; prints a line of the table."""
    runs = [run_once(row, work, False) for _ in range(TIMES)]
    twins = [run_once(row, work, True) for _ in range(TIMES)]
    watched = run_watched(row, work)
    bad = [run for run in runs + twins if run.problem]
    named = sorted({",".join(run.rules) or "-" for run in runs})
    seconds = [run.seconds for run in runs if run.seconds is not None]
    verdict = f"{bad[0].problem} ({len(bad)} of {len(runs + twins)})" if bad else watched or "ok"
    print(f"{row.when:5} {row.name:30} {','.join(row.rules):24} {' / '.join(named):24} "
          f"{max(seconds, default=0):6.2f}  {verdict}", flush=True)
    return not bad and not watched


def main(words):
    rows = [row for row in table() if row.matches(words) and row.is_built()]
    chosen = [row for row in rows if ALL or row.when == "now"]
    if not chosen:
        print("none of these is understood yet")
        return 77
    print(f"{'when':5} {'program':30} {'expected':24} {'got':24} {'s, max':>6}")
    with tempfile.TemporaryDirectory(prefix="ct-hang.") as top:
        work = os.path.join(top, "work")
        os.mkdir(work)
        done = [(row, run_row(row, work)) for row in chosen]
    good = sum(ok for _, ok in done)
    print(f"{good} of {len(done)} as expected, {len(rows) - len(chosen)} not run; "
          f"{TIMES} run(s) of each and of its twin")
    for row, ok in done:
        if ok and row.when == "later":
            print(f"understood now: {row.name}")
    return 1 if any(not ok and row.when == "now" for row, ok in done) else 0


sys.exit(main(sys.argv[1:]))
