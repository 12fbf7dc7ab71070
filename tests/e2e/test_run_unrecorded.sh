# A program that cannot be recorded runs to its end, and `run` says why: never silence.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >hello.c <<'C'
#include <stdio.h>
int main(void)
{
	puts("hello");
	return 4;
}
C
compile static -static <hello.c
expect 75 "$CT_BIN" run ./static
has out hello
has err 'static is statically linked'
[ -z "$(ls -d conctrace.* 2>/dev/null)" ] || fail "an empty trace is left"

# only what it starts is recorded
expect 4 "$CT_BIN" run sh -c 'exit 4'
compile starter -static <<'C'
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv)
{
	int status;

	if (fork() == 0) {
		execvp(argv[1], argv + 1);
		_exit(1);
	}
	wait(&status);
	return argc > 2 ? 5 : 6;
}
C
expect 6 "$CT_BIN" run ./starter true
has err 'is not recorded, only programs that it starts'

printf '#!%s/static\n' "$work" >script
chmod +x script
expect 75 "$CT_BIN" run ./script
has err 'static is statically linked'

if echo 'int main(void) { return 0; }' | "${CT_CC:-cc}" -m32 -x c -o bits32 - 2>/dev/null; then
	expect 75 "$CT_BIN" run ./bits32
	has err 'is not a program for 64-bit x86'
fi

# libconctrace.so itself
CONCTRACE_LIBRARY=$work/nothing.so expect 75 "$CT_BIN" run touch ran
has err 'nothing.so: No such file or directory'
CONCTRACE_LIBRARY=$work/hello.c expect 75 "$CT_BIN" run touch ran
has err 'is not a shared library'
mkdir 'a b'
cp "$CT_LIB" 'a b/'
CONCTRACE_LIBRARY="$work/a b/libconctrace.so" expect 75 "$CT_BIN" run touch ran
has err 'blank'
[ ! -e ran ] || fail "the program ran though the recorder was missing"
mkdir elsewhere
cp "$CT_BIN" elsewhere/
expect 75 elsewhere/conctrace run touch ran
has err 'set CONCTRACE_LIBRARY'
CONCTRACE_LIBRARY=$CT_LIB expect 0 elsewhere/conctrace run true
echo 'int x;' | "${CT_CC:-cc}" -shared -fPIC -x c -o other.so -
CONCTRACE_LIBRARY=$work/other.so expect 75 "$CT_BIN" run ./script
