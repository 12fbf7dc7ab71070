"""Functions that the products do not call. Where one is right, its line says why:
/* lint: allow-NAME why */"""
import re

import tree

UNBOUNDED = "does not know the size of its buffer"
EVERYWHERE = {
    "strcpy": UNBOUNDED, "strcat": UNBOUNDED, "sprintf": UNBOUNDED, "vsprintf": UNBOUNDED,
    "gets": UNBOUNDED, "stpcpy": UNBOUNDED,
    "strtok": "keeps hidden state",
    "rand": "keeps hidden state; results must not depend on it",
    "srand": "keeps hidden state",
    "atoi": "hides errors: use strtol", "atol": "hides errors: use strtol",
    "atof": "hides errors: use strtod",
}
ANALYZER = {
    "system": "runs a shell: use posix_spawn with an argument list",
    "popen": "runs a shell: use posix_spawn with an argument list",
}
ALLOCATES = "the recorder never allocates: the program may be inside its own malloc"
STDIO = "the recorder uses no stdio: it locks and allocates"
HOST = "the recorder never ends the program"
HOOKED = "the call would come back into our own hook: use ct_real or a raw syscall"
PRELOAD = {
    **dict.fromkeys("malloc calloc realloc reallocarray free strdup strndup asprintf vasprintf "
                    "posix_memalign aligned_alloc".split(), ALLOCATES),
    **dict.fromkeys("printf fprintf vfprintf dprintf snprintf vsnprintf puts fputs fopen fdopen "
                    "fclose fwrite fread fflush perror getline".split(), STDIO),
    **dict.fromkeys("exit abort assert".split(), HOST),
    **dict.fromkeys("pthread_mutex_lock pthread_mutex_trylock pthread_mutex_unlock pthread_once "
                    "pthread_cond_wait pthread_rwlock_rdlock pthread_rwlock_wrlock sem_wait "
                    "dl_iterate_phdr".split(), "the recorder takes no lock"),
}


def banned_in(half, hooked):
    if half == "analyzer":
        return {**EVERYWHERE, **ANALYZER}
    return {**dict.fromkeys(hooked, HOOKED), **EVERYWHERE, **PRELOAD}


def check(path, text, banned):
    call = re.compile(r"(?<![\w.])(?<!->)(" + "|".join(map(re.escape, banned)) + r")\s*\(")
    problems = []
    for number, (raw, line) in enumerate(
            zip(text.splitlines(), tree.strip(text, strings=True).splitlines()), 1):
        # what begins in the first column is a definition or declaration, not a call
        if line[:1] not in ("\t", " ", "#"):
            continue
        for name in call.findall(line):
            if not re.search(rf"/\* lint: allow-{re.escape(name)} [^\s*]", raw):
                problems.append(f"{path}:{number}: {name}: {banned[name]}")
    return problems


def hooked_names():
    if not tree.files("preload/hooks/hooks.def"):
        return set()
    return {arguments[3] for macro, arguments in tree.rows("preload/hooks/hooks.def")
            if macro.startswith("HOOK")}


sample = banned_in("preload", {"read"})
assert check("x.c", "\tp = malloc(4);\n", sample)
assert check("x.c", "#define GET(n) malloc(n)\n", sample)
assert check("x.c", "\tread(0, b, 1); /* lint: allow-read */\n", sample)
assert not check("x.c", "\tread(0, b, 1); /* lint: allow-read not hooked yet */\n", sample)
assert not check("x.c", "void free(void *p)\n{\n\tct_real.free(p); /* free(p) */\n}\n", sample)
assert not check("x.c", '\tct_free(p);\n\tr->read(1);\n\ttext("exit(1)");\n', sample)

hooked = hooked_names()
tree.finish("banned", [problem for half in ("preload", "analyzer")
                       for path in tree.files(f"{half}/*.[ch]")
                       for problem in check(path, tree.read(path), banned_in(half, hooked))])
