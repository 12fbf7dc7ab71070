"""completions.py CONCTRACE FOLDER: completions for bash, zsh and fish, made of what CONCTRACE's own help says.

FOLDER gets conctrace.bash, _conctrace and conctrace.fish: the files of completions/ with their tables filled in.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parent.parent / "completions"

# What stands for what in usage lines and after options; all other words cannot be guessed.
KINDS = {
    "FILE": "@file", "TRACE": "@file", "RUBRIC": "@file", "DIR": "@folder", "SUBMISSIONS": "@folder",
    "PROGRAM": "@program", "PROGRAM ARGUMENT": "@line", "COMPILER ARGUMENT": "@line",
    "COMMAND": "@command", "PID": "@pid",
}
NOTHING = "@nothing"


class Option:
    def __init__(self, short, long, value, optional, text):
        self.short, self.long, self.value, self.optional, self.text = short, long, value, optional, text
        self.kinds = []  # of the value, if it takes one

    def names(self):
        return ([self.short] if self.short else []) + [self.long]


class Command:
    def __init__(self, name, text, options, arguments, repeats):
        self.name, self.text, self.options = name, text, options
        self.arguments = arguments  # a list of kinds for each
        self.repeats = repeats  # the last one can be given again


def call(program, *words):
    """What it says on standard output and standard error."""
    environment = dict(os.environ, ARGP_HELP_FMT="rmargin=4000", LC_ALL="C")
    environment.pop("LD_PRELOAD", None)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([program, *words], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)
    return done.stdout, done.stderr


def read_options(text):
    for line in text.split("\n"):
        found = re.match(r" +(?:(-.), )?(--[a-z0-9-]+)(\[?)(?:=([^\s\]]+)\]?)? +(\S.*)$", line)
        if found:
            short, name, optional, value, about = found.groups()
            yield Option(short, name, value, bool(optional), about)


def value_kinds(program, command, option):
    """What the value of an option can be: the program itself says which words it takes."""
    if option.value in KINDS:
        return [KINDS[option.value]]
    _, said = call(program, command, option.long + "=?")
    found = re.search(r" takes ((?:[a-z]+, )*[a-z]+) or ([a-z]+), not", said)
    return found.group(1).split(", ") + [found.group(2)] if found else [NOTHING]


def read_arguments(text):
    """Of all usage lines together: the kinds of each argument, and whether the last can be given again."""
    arguments = []
    repeats = False
    for line in re.findall(r"^(?:Usage: |  or:  )conctrace (.*)$", text, re.M):
        line = re.sub(r" --[a-z]+ (CMD|LIST)", "", line)
        words = re.findall(r"[A-Za-z|-]+(?:\.\.\.)?", line.partition("[OPTION...]")[2])
        words = [word for word in words if not word.startswith("-")]
        if words[1:] == ["ARGUMENT..."] and words[0] != "COMMAND":
            words = [words[0] + " ARGUMENT"]
        words = [word for word in words if word != "ARGUMENT..."]
        for at, word in enumerate(words):
            repeats = repeats or word.endswith("...")
            name = word.rstrip(".")
            kind = name if name.islower() else KINDS.get(name, NOTHING)
            if at == len(arguments):
                arguments.append([])
            if kind not in arguments[at]:
                arguments[at].append(kind)
    return arguments, repeats


def read_commands(program):
    said, _ = call(program, "--help")
    commands = []
    for name, text in re.findall(r"^  ([a-z]+) +(\S.*)$", said.partition("Commands:")[2], re.M):
        about, _ = call(program, "help", name)
        options = list(read_options(about))
        for option in options:
            if option.value:
                option.kinds = value_kinds(program, name, option)
        commands.append(Command(name, text, options, *read_arguments(about)))
    return commands


def quote(text):
    return "'" + text.replace("'", "'\\''") + "'"


def bash(commands):
    yield "_conctrace_commands=" + quote(" ".join(c.name for c in commands))
    for c in commands:
        names = [o.long + ("=" if o.value and not o.optional else "") for o in c.options]
        yield f"_conctrace_options[{c.name}]=" + quote(" ".join(names))
        kinds = " ".join("|".join(kinds) for kinds in c.arguments)
        yield f"_conctrace_arguments[{c.name}]=" + quote(kinds + ("..." if c.repeats else ""))
        for o in c.options:
            for name in o.names():
                if o.value:
                    key = quote(f"{c.name} {name}{'=' if o.optional else ''}")
                    yield f"_conctrace_values[{key}]=" + quote("|".join(o.kinds))


ZSH = {"@file": "_files", "@folder": "_files -/", "@program": "_command_names -e",
       "@command": "__conctrace_commands", NOTHING: " "}


def zsh_action(kinds):
    if "@pid" in kinds:
        return "__conctrace_traces_and_pids"
    return ZSH.get(kinds[0]) or "(" + " ".join(kinds) + ")"


def zsh_text(text):
    return re.sub(r"([\[\]:\\])", r"\\\1", text)


def zsh_option(option):
    text = f"[{zsh_text(option.text)}]"
    if option.value:
        text += f"{':' if option.optional else ''}:{option.value}:{zsh_action(option.kinds)}"
    again = "*" if "several" in option.text.lower() else ""
    others = "" if again or not option.short else "(" + " ".join(option.names()) + ")"
    for name in option.names():
        sign = "" if not option.value else "+" if name == option.short else "=-" if option.optional else "="
        yield quote(f"{again}{others}{name}{sign}{text}")


def zsh(commands):
    for c in commands:
        runs = c.arguments[0] == ["@line"]
        words = [word for option in c.options for word in zsh_option(option)]
        if runs:
            words += ["'(-)1:program:_command_names -e'", "'*::arguments:_normal'"]
        else:
            for at, kinds in enumerate(c.arguments, 1):
                place = "*" if c.repeats and at == len(c.arguments) else str(at)
                words.append(quote(f"{place}:argument:{zsh_action(kinds)}"))
        yield f"\t{c.name})"
        yield "\t\t_arguments -s -S " + ("-A '-*' " if runs else "") + "\\"
        yield " \\\n".join("\t\t\t" + word for word in words)
        yield "\t\t;;"


FISH = {"@file": "-F", "@folder": "-x -a '(__fish_complete_directories)'", "@pid": "-x -a '(__fish_complete_pids)'",
        "@program": "-x -a '(__fish_complete_command)'", NOTHING: "-x"}


def fish_rule(condition, kinds, commands):
    for kind in kinds:
        what = FISH.get(kind, f"-x -a {quote(kind)}")
        if kind == "@line":
            what = f"-x -a '(__conctrace_line {condition.split()[1]})'"
        elif kind == "@command":
            what = "-x -a " + quote(" ".join(c.name for c in commands))
        yield f"complete -c conctrace -n {quote(condition)} {what}"


def fish(commands):
    runs = [c.name for c in commands if c.arguments[0] == ["@line"]]
    yield f"function __conctrace_runs\n    contains -- $argv[1] {' '.join(runs)}\nend\n"
    yield "function __conctrace_valued\n    switch $argv[1]"
    for c in commands:
        names = [name for o in c.options if o.value and not o.optional for name in o.names()]
        if names:
            yield f"        case {c.name}\n            printf '%s\\n' {' '.join(names)}"
    yield "    end\nend\n"
    yield "complete -c conctrace -f"
    for c in commands:
        yield f"complete -c conctrace -n __fish_is_first_token -a {c.name} -d {quote(c.text)}"
    for name, text in (("help", "Give a help list"), ("usage", "Give a short usage message"),
                       ("version", "Print program version")):
        yield f"complete -c conctrace -n __fish_is_first_token -l {name} -d {quote(text)}"
    for c in commands:
        for at, kinds in enumerate(c.arguments, 1):
            more = "+" if kinds == ["@line"] or (c.repeats and at == len(c.arguments)) else ""
            yield from fish_rule(f"__conctrace_at {c.name} {at}{more}", kinds, commands)
        for o in c.options:
            line = f"complete -c conctrace -n '__conctrace_in {c.name}' -l {o.long[2:]}"
            line += f" -s {quote(o.short[1:])}" if o.short else ""
            if o.value and not o.optional:
                words = [kind for kind in o.kinds if kind[0] != "@"]
                line += " -x -a " + quote(" ".join(words)) if words else " -r " + FISH[o.kinds[0]]
            yield f"{line} -d {quote(o.text)}"


def main():
    program, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    commands = read_commands(program)
    assert len(commands) > 5 and all(c.options and c.arguments for c in commands), "the help is not understood"
    folder.mkdir(parents=True, exist_ok=True)
    names = "\n".join("\t\t" + quote(f"{c.name}:{c.text}") for c in commands)
    for name, table in (("conctrace.bash", bash), ("_conctrace", zsh), ("conctrace.fish", fish)):
        text = (SOURCE / (name + ".in")).read_text()
        text = text.replace("@COMMANDS@", names).replace("@TABLES@", "\n".join(table(commands)))
        (folder / name).write_text(text)


main()
