"""Runs the programs of tests/misuse under `conctrace run`: what their comments expect is found, and
nothing else.

    check_misuse.py [--build DIR] FOLDER or PROGRAM.c...

README.md says how expectations are written. Programs are built by cmake, in CT_BUILD/tests/misuse;
with --build this script compiles them, into DIR (CT_CC, gcc; CT_CXX, g++). Those that say
`cc: races` are always compiled here, by `conctrace cc`.
CT_MISUSE_RUNS (1): how often each is run. CT_MISUSE_JOBS (2): so many at a time.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUNS = int(os.environ.get("CT_MISUSE_RUNS", "1"))
JOBS = int(os.environ.get("CT_MISUSE_JOBS", "2"))
SECONDS = 20
FINDING_STATUS = 66
SEVERITIES = ("error", "warning", "note")
HEAD = re.compile(r"/\*.*?\*/", re.S)
LINE = re.compile(r"^[ \t]*\*?[ \t]*(expect|also|args|exit|cc):[ \t]*(.*?)[ \t]*(?:\*/)?$", re.M)


class Expected:
    """One line `expect: RULE OBJECT SITE... [SEVERITY]`."""

    def __init__(self, text):
        self.text = text
        self.rule, self.object, *self.sites = shlex.split(text)
        self.severity = self.sites.pop() if self.sites[-1:] and self.sites[-1] in SEVERITIES else None
        if not self.sites:
            raise ValueError(f"expect: {text}: no site")

    def why_not(self, finding):
        """What is wrong with a finding of this rule; nothing: it is the one."""
        if self.object != "-" and self.object not in names_of(finding):
            return f"is about {finding.get('about', 'nothing that has a name')}, not {self.object}"
        if self.severity and finding["severity"] != self.severity:
            return f"is of severity {finding['severity']}, not {self.severity}"
        places = iter(finding["places"])
        for number, site in enumerate(self.sites):
            if number == 0 and not is_at(next(places, None), site):
                return f"has its first place not at {site}"
            if number > 0 and not any(is_at(place, site) for place in places):
                return f"has no place at {site} (in this order)"
        return ""


class Program:
    """A source with what its head comment expects."""

    def __init__(self, source):
        self.source = os.path.abspath(source)
        self.folder = os.path.basename(os.path.dirname(self.source))
        self.name = os.path.splitext(os.path.basename(source))[0]
        with open(source, encoding="utf-8") as file:
            head = HEAD.search(file.read())
        said = LINE.findall(head.group()) if head else []
        self.expected = [Expected(text) for what, text in said if what == "expect"]
        self.also = [text for what, text in said if what == "also"]
        self.args = [word for what, text in said if what == "args" for word in shlex.split(text)]
        self.exit = next((int(text) for what, text in said if what == "exit"), 0)
        self.races = ("cc", "races") in said
        self.is_legal = self.name.startswith("legal_")
        if not self.is_legal and not self.name.startswith("wrong_"):
            raise ValueError(f"{source}: neither wrong_ nor legal_")
        if self.is_legal == bool(self.expected):
            raise ValueError(f"{source}: " + ("legal, but expects findings" if self.is_legal
                                              else "wrong, but expects nothing"))

    def compile(self, folder):
        """Returns the executable; OSError if it cannot be built."""
        is_cpp = self.source.endswith(".cpp")
        compiler = os.environ.get("CT_CXX", "g++") if is_cpp else os.environ.get("CT_CC", "gcc")
        if is_cpp and not shutil.which(compiler):
            return None
        binary = os.path.join(folder, self.folder, self.name)
        os.makedirs(os.path.dirname(binary), exist_ok=True)
        command = [*([os.environ["CT_BIN"], "cc"] if self.races else []), compiler,
                   "-std=gnu++17" if is_cpp else "-std=gnu11", "-D_GNU_SOURCE", "-g", "-O0",
                   "-pthread", self.source, "-o", binary, "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"{shlex.join(command)}\n{done.stderr}")
        return binary

    def binary(self, build, work):
        """Returns the executable; None: there is no compiler for it."""
        if build or self.races:
            return self.compile(build or os.path.join(work, "races"))
        binary = os.path.join(os.environ["CT_BUILD"], "tests/misuse", self.folder, self.name)
        if not os.path.exists(binary):
            if self.source.endswith(".cpp") and not shutil.which(os.environ.get("CT_CXX", "g++")):
                return None
            raise OSError(f"{binary} is not built")
        return binary


def names_of(finding):
    about = finding.get("about", "")
    return {about, *re.split(r", | and ", about), *re.findall(r"`([^`]+)`", finding["headline"])}


def is_at(place, site):
    """Whether a frame of the place is of function `site`, or at FILE:LINE."""
    function = re.compile(rf"(?:.*[: )])?{re.escape(site)}(?:[(<\[].*)?")
    return place is not None and any(
        function.fullmatch(frame.get("function", ""))
        or f"{frame.get('file', '')}:{frame.get('line', '')}".endswith(site)
        for frame in place["stack"])


def compare(program, findings):
    """Problems: expected and not found, found and not expected."""
    problems, left = [], list(findings)
    for expected in program.expected:
        reasons = [expected.why_not(finding) for finding in left]
        same_rule = [i for i, finding in enumerate(left) if finding["rule"] == expected.rule]
        good = [i for i in same_rule if not reasons[i]]
        if good:
            left.pop(good[0])
            continue
        problems.append(f"- expect: {expected.text}")
        problems += [f"    {left[i]['rule']} (\"{left[i]['headline']}\") {reasons[i]}" for i in same_rule]
    for rule in program.also:
        if not any(finding["rule"] == rule for finding in left):
            problems.append(f"- also: {rule}")
        left = [finding for finding in left if finding["rule"] != rule]
    problems += [f"+ {finding['details'].rstrip()}" for finding in left]
    return problems


def run_plain(command, work):
    """Standard output and status without conctrace."""
    try:
        done = subprocess.run(command, cwd=work, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return b"", "none, it hangs"
    return done.stdout, done.returncode


def run_once(program, binary):
    """Problems of one run, as lines."""
    with tempfile.TemporaryDirectory(prefix="ct-misuse.") as work:
        trace, report = os.path.join(work, "trace"), os.path.join(work, "report.json")
        done = subprocess.run(
            [os.environ["CT_BIN"], "run", "-q", "--timeout", str(SECONDS), "-o", trace, "--json",
             report, "--", binary, *program.args],
            cwd=work, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if not os.path.exists(report):
            return [f"no report; status {done.returncode}: {done.stderr.decode(errors='replace')}"]
        with open(report, encoding="utf-8") as file:
            run = json.load(file)["runs"][0]
        problems = compare(program, run["findings"])
        ended = run["program"]
        if ended.get("hung") or ended.get("timed_out") or "signal" in ended:
            if program.is_legal or ended.get("timed_out"):
                problems.append(f"status: {ended['status']}")
            return problems
        if ended.get("exit_status") != program.exit:
            problems.append(f"status: {ended.get('exit_status')}, not {program.exit}; standard error: "
                            + done.stderr.decode(errors="replace"))
        fails = any(finding["fails"] for finding in run["findings"])
        if done.returncode != (FINDING_STATUS if fails else program.exit):
            problems.append(f"status of conctrace: {done.returncode}")
        output, status = run_plain([binary, *program.args], work)
        if status != program.exit:
            problems.append(f"status without conctrace: {status}, not {program.exit}")
        elif output != done.stdout:
            problems.append(f"output: {done.stdout!r}\nwithout conctrace: {output!r}")
        return problems


def run_program(program, build, work):
    """What is wrong, as lines; None: left out."""
    try:
        binary = program.binary(build, work)
    except OSError as error:
        return [str(error)]
    if binary is None:
        return None
    for number in range(RUNS):
        problems = run_once(program, binary)
        if problems:
            return [f"in run {number + 1} of {RUNS}", *problems] if RUNS > 1 else problems
    return []


def sources_of(what):
    return sorted(glob.glob(os.path.join(what, "*_*.c*"))) if os.path.isdir(what) else [what]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", metavar="DIR")
    parser.add_argument("what", nargs="+")
    options = parser.parse_args()
    if not os.access(os.environ.get("CT_BIN", ""), os.X_OK):
        parser.error("CT_BIN is not the path of conctrace")
    os.environ.pop("LD_PRELOAD", None)
    os.environ.pop("CONCTRACE_OPTIONS", None)
    programs = [Program(source) for what in options.what for source in sources_of(what)]
    build = options.build and os.path.abspath(options.build)
    with tempfile.TemporaryDirectory(prefix="ct-misuse.") as work, \
            concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = list(pool.map(lambda program: run_program(program, build, work), programs))
    for program, problems in zip(programs, results):
        verdict = "left out: no compiler" if problems is None else "NOT ok" if problems else "ok"
        print(f"{verdict}: {program.folder}/{program.name}")
        for problem in problems or []:
            print("    " + problem.replace("\n", "\n    "))
    ran = [problems for problems in results if problems is not None]
    good = sum(not problems for problems in ran)
    print(f"{good} of {len(ran)} as expected, {RUNS} run(s) of each")
    return 0 if ran and good == len(ran) else 1


sys.exit(main())
