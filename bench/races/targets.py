"""What bench/races.sh measures: the kernels beside this file, and two real programs in source
packages of Debian's."""
import glob
import os
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
C_FLAGS = ["-g", "-O2", "-pthread", "-D_GNU_SOURCE", "-w"]
CXX = {"gcc": "g++", "clang": "clang++"}
BZIP2 = "blocksort huffman crctable randtable compress decompress bzlib".split()
PACKAGES = ("pbzip2", "bzip2", "sqlite3")


class Kernel:
    """One file of C."""

    def __init__(self, source):
        self.name = os.path.splitext(os.path.basename(source))[0]
        self.source = source
        self.arguments = []

    def commands(self, compiler, output):
        return [[compiler, "-std=gnu11", *C_FLAGS, self.source, "-o", output]]


class Pbzip2:
    """Compresses a tar archive of the sources, with the library that does it compiled in."""

    name = "pbzip2"

    def __init__(self, sources):
        self.bzip2 = glob.glob(f"{sources}/bzip2-*/")[0]
        self.pbzip2 = glob.glob(f"{sources}/pbzip2-*/")[0]
        text = os.path.join(sources, "text")
        with open(text, "wb") as out:
            for path in sorted(glob.glob(f"{sources}/sqlite3-*/src/*.c"))[:60]:
                with open(path, "rb") as file:
                    out.write(file.read())
        self.arguments = ["-k", "-c", "-p2", "-b2", text]

    def commands(self, compiler, output):
        objects = [f"{output}.{name}.o" for name in BZIP2]
        made = [[compiler, *C_FLAGS, "-c", f"{self.bzip2}{name}.c", "-o", target]
                for name, target in zip(BZIP2, objects)]
        return made + [[CXX[compiler], *C_FLAGS, "-std=gnu++98", f"-I{self.bzip2}",
                        *sorted(glob.glob(f"{self.pbzip2}*.cpp")), *objects, "-o", output]]


class Sqlite:
    """real/sqlite.c with all of SQLite in one file."""

    name = "sqlite3"
    arguments = []

    def __init__(self, sources):
        self.folder = glob.glob(f"{sources}/sqlite3-*/")[0]
        for command in (["./configure"], ["make", "sqlite3.c"]):
            subprocess.run(command, cwd=self.folder, check=True, capture_output=True)

    def commands(self, compiler, output):
        flags = [*C_FLAGS, f"-I{self.folder}", "-DSQLITE_OMIT_LOAD_EXTENSION"]
        return [[compiler, *flags, "-c", f"{self.folder}sqlite3.c", "-o", f"{output}.o"],
                [compiler, *flags, f"{HERE}/real/sqlite.c", f"{output}.o", "-lm", "-o", output]]


def kernels():
    return [Kernel(path) for path in sorted(glob.glob(f"{HERE}/*.c"))]


def fetch(folder):
    """Source packages, by apt with a list of its own: nothing of the system is changed."""
    lists = [path for path in glob.glob("/etc/apt/sources.list.d/*.sources")]
    entries = []
    for path in lists:
        with open(path, encoding="utf-8") as file:
            entries.append(file.read().replace("Types: deb\n", "Types: deb-src\n"))
    with open(f"{folder}/src.sources", "w", encoding="utf-8") as file:
        file.write("\n".join(entries))
    for name in ("lists/partial", "cache/archives/partial"):
        os.makedirs(f"{folder}/{name}")
    apt = ["apt-get", "-q", "-o", f"Dir::Etc::sourcelist={folder}/src.sources",
           "-o", "Dir::Etc::sourceparts=-", "-o", f"Dir::State::lists={folder}/lists",
           "-o", f"Dir::Cache={folder}/cache"]
    for command in ([*apt, "update"], [*apt, "source", *PACKAGES]):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)


def real_programs(folder):
    """pbzip2 and SQLite from Debian's source packages; none where they are not to be had."""
    try:
        sources = os.environ.get("CT_SOURCES")
        if not sources:
            sources = folder
            fetch(folder)
        return [Pbzip2(sources), Sqlite(sources)]
    except (OSError, IndexError, subprocess.CalledProcessError) as error:
        print(f"the real programs are left out: no Debian sources here ({error})")
        return []
