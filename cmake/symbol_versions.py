"""Which versions of hooked functions libc has, and what follows from that for libconctrace.so.

    symbol_versions.py hooks.def READELF LIBRARY... --table versions.def --map exports.map

A function has several versions in libc for one of two reasons. Mostly it is the same code: it moved
from libpthread to libc, say. Such a function is exported without a version, and ld.so takes it for
whatever version a program asks for. Some have other code for old programs (pthread_cond_wait took
another pthread_cond_t before 2.3.2). Of these each version is exported, and the old ones lead to
libc's old code. Once one symbol of a name has a version, ld.so matches exactly, so none may be left
out. Some (__pthread_mutex_lock) have no default version: only old programs find them, and so it is
with ours. Nothing of this is typed in: the libraries are read.

The table has, for hooks/real.c and hooks/hooks_regular.c:

    REAL(member, name, "version", missing)    what to ask ld.so for, in the order of struct ct_real; the
                                              version is that of today's code, NULL if there is but one
    OLD(SHAPE, EVENT, result, name, alias, params, args, object, "version")    a row of hooks.def with
                                              old code: recorded as today's, if its shape needs no more
    PASS(result, name, alias, params, args, "version")    another one: called, not recorded
    SAME(name, alias, "version")              one more version of today's code

and the map says which version is today's, for the linker.
"""
import argparse
import re
import subprocess
import sys


def split(text):
    """The arguments of a macro call: parted by commas outside parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def hooks(path):
    """Rows of hooks.def: [shape, event, result, name, params, args, object, ...]."""
    with open(path, encoding="utf-8") as file:
        return [split(line[len("HOOK("):line.rindex(")")]) for line in file if line.startswith("HOOK(")]


def symbols(readelf, library):
    """name -> [(version, address, is default)] of the functions that a library exports."""
    listed = subprocess.run([readelf, "-W", "--dyn-syms", library], capture_output=True, text=True,
                            check=True).stdout
    found = {}
    for line in listed.splitlines():
        field = line.split()
        if len(field) < 8 or field[3] not in ("FUNC", "IFUNC") or field[6] == "UND":
            continue
        match = re.fullmatch(r"([^@]+)(@@?)(.+)", field[7])
        if match:
            found.setdefault(match[1], []).append((match[3], int(field[1], 16), match[2] == "@@"))
    return found


def age(version):
    return [int(number) for number in re.findall(r"\d+", version)]


def versions_of(name, libraries):
    """Of the first library that has the function, as ld.so looks through them: [(version, address)],
    oldest first; the address of today's code; the default version, None if new programs cannot be
    linked to it. None if no version matters: it is all the same code."""
    known = sorted(next((library[name] for library in libraries if name in library), []),
                   key=lambda one: age(one[0]))
    default = [(version, address) for version, address, is_default in known if is_default]
    if not known or (default and len({address for _, address, _ in known}) == 1):
        return None
    today = default[0][1] if default else known[-1][1]
    return [one[:2] for one in known], today, default[0][0] if default else None


def missing_of(shape, result, name):
    """How a function tells that there is no such function, should libc lack it."""
    if result.endswith("*"):
        return "null"
    if shape.startswith("T_") or re.match(r"(thrd|mtx|cnd)_", name):
        return "thrd"
    if re.match(r"_*(pthread|posix)_|sigwait$|clock_nanosleep$", name):
        return "number"
    return "minus_1"


def alias_of(name, version):
    return f"{name}__{re.sub('[^A-Za-z0-9]', '_', version)}"


def old_row(row, version):
    shape, event, result, name, params, args, obj = row[:7]
    alias = alias_of(name, version)
    if "..." in params:
        sys.exit(f"symbol_versions: {name}@{version} has variable arguments: who passes them on?")
    if shape == "CUSTOM" or shape.endswith("LOCK"):
        return f'PASS({result}, {name}, {alias}, {params}, {args}, "{version}")'
    return f'OLD({shape}, {event}, {result}, {name}, {alias}, {params}, {args}, {obj}, "{version}")'


def table(rows, libraries):
    """The table's lines; version -> [functions of which it is the default]; symbols to hide."""
    real, old, same, nodes, hidden = [], [], [], {}, []
    for row in rows:
        shape, _, result, name = row[:4]
        missing = missing_of(shape, result, name)
        found = versions_of(name, libraries)
        if not found:
            real.append(f"REAL({name}, {name}, NULL, {missing})")
            continue
        versions, today, default = found
        # The oldest that has today's code: libraries before this one have it, too.
        oldest = next(version for version, address in versions if address == today)
        real.append(f'REAL({name}, {name}, "{oldest}", {missing})')
        for version, address in versions:
            nodes.setdefault(version, [])
            alias = alias_of(name, version)
            if address != today:
                old.append((f'REAL({alias}, {name}, "{version}", {missing})', old_row(row, version)))
            elif version != default:
                same.append(f'SAME({name}, {alias}, "{version}")')
            if version == default:
                nodes[version].append(name)
            else:
                hidden.append(alias)
        if not default:
            hidden.append(name)
    return real + [r for r, _ in old] + [o for _, o in old] + same, nodes, hidden


def version_script(nodes, hidden):
    """Oldest first: ld.so gives the first version to programs that know none, as it does of libc.
    What is to be hidden must stand at a version that no symbol has."""
    text, before = "", ""
    for version in sorted(nodes, key=age):
        default = "".join(f"\t\t{name};\n" for name in nodes[version])
        text += f"{version} {{\n" + (f"\tglobal:\n{default}" if default else "") + f"}}{before};\n"
        before = f" {version}"
    local = "".join(f"\t\t{name};\n" for name in ["ct_*"] + hidden)
    return text + f"CONCTRACE {{\n\tlocal:\n{local}}}{before};\n"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("hooks")
    parser.add_argument("readelf")
    parser.add_argument("libraries", nargs="+")
    parser.add_argument("--table", required=True)
    parser.add_argument("--map", required=True)
    arguments = parser.parse_args()
    libraries = [symbols(arguments.readelf, library) for library in arguments.libraries]
    lines, nodes, hidden = table(hooks(arguments.hooks), libraries)
    with open(arguments.table, "w", encoding="utf-8") as file:
        file.write("/* Made by cmake/symbol_versions.py from hooks.def and libc; see there. */\n")
        for macro in ("REAL", "OLD", "PASS", "SAME"):
            file.write(f"#ifndef {macro}\n#define {macro}(...)\n#endif\n")
        file.write("\n" + "\n".join(lines) + "\n\n")
        file.write("".join(f"#undef {macro}\n" for macro in ("REAL", "OLD", "PASS", "SAME")))
    with open(arguments.map, "w", encoding="utf-8") as file:
        file.write(version_script(nodes, hidden))


main()
