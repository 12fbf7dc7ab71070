"""Compiles the programs of expected.txt with `conctrace cc` and runs them under `conctrace run`.

    run_races.py [--tsan] [PROGRAM or RULE...]

Each program is compiled by gcc and clang (those of CT_COMPILERS that there are), with -O0 and -O2,
the buggy one and its twin (-DFIXED). Of each build:
- alone it ends with status 0 and says "end", and does so too without the library beside it;
- the buggy one, recorded, prints the same, and gets the finding that expected.txt asks for;
- the twin, recorded, prints the same, ends with 0, and gets no data-race and no atomicity.
CT_TIMES (1): how often each is recorded; 10 for what the issue asks for. CT_JOBS (2): how many
programs at once. CT_SAY=1: also what conctrace said of a failure.

--tsan: the same with the compilers' own ThreadSanitizer instead: what the programs are worth.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.path.join(HERE, "programs")
RULES = ("data-race", "atomicity")
LEVELS = ("potential", "predicted", "confirmed", "observed")
TIMES = int(os.environ.get("CT_TIMES", "1"))
JOBS = int(os.environ.get("CT_JOBS", "2"))
COMPILERS = os.environ.get("CT_COMPILERS", "gcc clang").split()
LEVELS_OF_OPTIMIZATION = os.environ.get("CT_OPTIMIZE", "-O0 -O2").split()
CXX = {"gcc": "g++", "clang": "clang++"}
FLAGS = ["-g", "-pthread", "-D_GNU_SOURCE"]
LIMIT_SECONDS = 60
FOUND = 66  # the exit status of `run` with a finding
OUTPUT = "end\n"


class Problem(Exception):
    """What is wrong with one build or run, in a sentence."""


class Row:
    """One line of expected.txt."""

    def __init__(self, line):
        self.program, self.rule, self.level, self.tsan, names = line.split()
        self.names = [] if names == "-" else [n.split("|") for n in names.split(",")]
        self.is_buggy = self.rule != "-"
        is_c = os.path.exists(os.path.join(PROGRAMS, f"{self.program}.c"))
        self.source = os.path.join(PROGRAMS, self.program + (".c" if is_c else ".cpp"))
        self.plugin = os.path.join(PROGRAMS, self.program + ".so.c")
        self.is_c = is_c

    def matches(self, words):
        return not words or {self.program, self.rule} & set(words)


class Build:
    """One way to compile one program."""

    def __init__(self, row, compiler, optimize, fixed):
        self.row, self.compiler, self.optimize, self.fixed = row, compiler, optimize, fixed
        self.expects = row.is_buggy and not fixed

    def name(self):
        twin = " twin" if self.fixed else ""
        return f"{self.compiler} {self.optimize}{twin}"

    def command(self, source, output):
        row = self.row
        flags = [*FLAGS, self.optimize, *(["-DFIXED"] if self.fixed else [])]
        flags.append("-std=gnu11" if row.is_c else "-std=gnu++17")
        if source == row.plugin:
            flags += ["-shared", "-fPIC"]
        compiler = self.compiler if row.is_c else CXX[self.compiler]
        return [compiler, *flags, source, "-o", output]


def run(command, **more):
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=LIMIT_SECONDS, check=False, **more)
    except subprocess.TimeoutExpired:
        raise Problem(f"does not end in {LIMIT_SECONDS} s: {' '.join(command)}") from None


def expect_end(done, what, statuses=(0,)):
    if done.stdout != OUTPUT:
        raise Problem(f"{what} prints {done.stdout!r}\n{done.stderr[-2000:]}")
    if done.returncode not in statuses:
        raise Problem(f"{what} ends with {done.returncode}\n{done.stderr[-2000:]}")


class Conctrace:
    """The tool under test."""

    def __init__(self):
        self.path = os.environ["CT_BIN"]

    def compile(self, build, source, output):
        return run([self.path, "cc", "--", *build.command(source, output)])

    def check_alone(self, program):
        expect_end(run([program, program]), "the program alone")

    def check_run(self, build, program, work):
        sarif, trace = os.path.join(work, "sarif"), os.path.join(work, "trace")
        done = run([self.path, "run", "--force", "-o", trace, "--sarif", sarif, "--",
                    program, program])
        results = self.results(sarif, done)
        if not build.expects:
            if results:
                raise Problem(f"accuses: {results[0]['message']['text']}\n{done.stderr}")
            expect_end(done, "the recorded program")
            return
        expect_end(done, "the recorded program", (0, FOUND))
        problem = self.judge(build.row, results)
        if problem:
            raise Problem(f"{problem}\n{done.stderr}")
        if build.row.level != "potential" and done.returncode != FOUND:
            raise Problem(f"the status is {done.returncode}")

    @staticmethod
    def results(path, done):
        """The findings of our rules."""
        if not os.path.exists(path):
            raise Problem(f"no report\n{done.stderr}")
        with open(path, encoding="utf-8") as file:
            results = json.load(file)["runs"][0]["results"]
        return [result for result in results if result["ruleId"] in RULES]

    @staticmethod
    def judge(row, results):
        """What is wrong with the findings; one that is right is enough."""
        problem = f"no {row.rule}"
        for result in results:
            level = result["properties"]["evidence"]
            if result["ruleId"] != row.rule:
                continue
            if LEVELS.index(level) < LEVELS.index(row.level):
                problem = f"only {level}: {result['message']['text']}"
                continue
            text = json.dumps(result)
            missing = [names for names in row.names
                       if not any(re.search(rf"\b{re.escape(n)}\b", text) for n in names)]
            if not missing:
                return ""
            problem = f"does not name {'|'.join(missing[0])}: {result['message']['text']}"
        return problem


class Tsan:
    """The compilers' own ThreadSanitizer, to check the programs themselves."""

    def compile(self, build, source, output):
        compiler, *rest = build.command(source, output)
        return run([compiler, "-fsanitize=thread", *rest])

    def check_alone(self, program):
        pass

    def check_run(self, build, program, work):
        if build.row.tsan == "fails":
            return
        environment = {**os.environ, "TSAN_OPTIONS": "exitcode=66:report_signal_unsafe=0"}
        done = run([program, program], env=environment, cwd=work)
        expect_end(done, "the program", (0, FOUND))
        found = done.returncode == FOUND
        expects = build.expects and build.row.tsan == "finds"
        if found and not expects:
            raise Problem(f"accuses\n{done.stderr[:1500]}")
        if expects and not found:
            raise Problem(f"finds nothing\n{done.stderr[:1500]}")


def compile_all(tool, build, folder):
    """The program, and its plug-in beside it."""
    program = os.path.join(folder, build.row.program)
    outputs = [(build.row.source, program)]
    if os.path.exists(build.row.plugin):
        outputs.append((build.row.plugin, program + ".so"))
    for source, output in outputs:
        done = tool.compile(build, source, output)
        if done.returncode or not os.path.exists(output):
            raise Problem(f"does not compile\n{done.stdout[-1000:]}{done.stderr[-2000:]}")
    return program


def check_build(tool, build):
    """All that is wrong with one build: one Problem, or None."""
    with tempfile.TemporaryDirectory(prefix="conctrace-race.") as folder:
        try:
            program = compile_all(tool, build, folder)
            tool.check_alone(program)
        except Problem as problem:
            return f"{build.name()}: {problem}"
        for turn in range(TIMES):
            try:
                tool.check_run(build, program, folder)
            except Problem as problem:
                return f"{build.name()}, run {turn + 1} of {TIMES}: {problem}"
    return None


def check(tool, row):
    """The row and its problems."""
    builds = [Build(row, compiler, optimize, fixed)
              for compiler in COMPILERS if shutil.which(compiler if row.is_c else CXX[compiler])
              for optimize in LEVELS_OF_OPTIMIZATION
              for fixed in ([False, True] if row.is_buggy else [False])]
    began = time.monotonic()
    problems = [problem for problem in (check_build(tool, build) for build in builds) if problem]
    return row, problems, len(builds), time.monotonic() - began


def read_table():
    with open(os.path.join(HERE, "expected.txt"), encoding="utf-8") as file:
        return [Row(line) for line in file if line.strip() and not line.startswith("#")]


def main(arguments):
    tool = Tsan() if "--tsan" in arguments else Conctrace()
    words = [word for word in arguments if not word.startswith("--")]
    rows = [row for row in read_table() if row.matches(words)]
    if not rows:
        sys.exit(f"no program is named {' or '.join(words)}")
    failed = builds = 0
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        for row, problems, count, seconds in pool.map(lambda row: check(tool, row), rows):
            builds += count
            failed += bool(problems)
            verdict = f"{len(problems)} of {count} builds fail" if problems else "ok"
            print(f"{row.program:26} {seconds:5.1f} s  {verdict}", flush=True)
            for problem in problems:
                lines = problem.splitlines()
                shown = lines if os.environ.get("CT_SAY") else lines[:1]
                print("\n".join(f"    {line}" for line in shown), flush=True)
    print(f"{len(rows)} programs, {builds} builds, {TIMES} runs each: {failed} programs fail")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
