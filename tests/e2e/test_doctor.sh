# `doctor` says whether a program can be recorded, and what stands in the way; it runs nothing of it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cat >source.txt <<'C'
#include <pthread.h>
#include <stdio.h>
int main(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	puts("never run");
	return pthread_mutex_lock(&mutex);
}
C
compile threads <source.txt
expect 0 "$CT_BIN" doctor ./threads
has out 'ok       preloading works'
has out 'ok       ./threads is dynamically linked'
has out 'ok       ./threads has debug information'
has out 'functions that it and its libraries call are recorded'
! grep -q 'never run' out || fail "the program was run"
[ -z "$(ls -d conctrace.* 2>/dev/null)" ] || fail "a trace is left"
expect 0 "$CT_BIN" doctor
expect 0 "$CT_BIN" doctor sh
expect 2 "$CT_BIN" doctor sh -c 'exit 3'

compile quiet -g0 <source.txt
expect 0 "$CT_BIN" doctor ./quiet
has out 'compile with -g'
strip quiet
expect 0 "$CT_BIN" doctor ./quiet
has out 'is stripped'

# what cannot be recorded
compile static -static <source.txt
expect 75 "$CT_BIN" doctor ./static
has out 'static is statically linked'
printf '#!%s/static\n' "$work" >script
chmod +x script
expect 75 "$CT_BIN" doctor ./script
has out 'static is statically linked'
printf '#!/usr/bin/env sh\n' >script
expect 0 "$CT_BIN" doctor ./script
has out 'sh is dynamically linked'
expect 75 "$CT_BIN" doctor ./nothing
has out 'nothing: No such file'
expect 75 "$CT_BIN" doctor no-such-program-anywhere
expect 75 "$CT_BIN" doctor .
if [ "$(id -u)" = 0 ]; then
	cp threads privileged
	chown 1 privileged
	chmod u+s privileged
	expect 75 "$CT_BIN" doctor ./privileged
	has out 'set-user-ID'
fi
if compile sanitized -fsanitize=thread <source.txt 2>/dev/null; then
	expect 75 "$CT_BIN" doctor ./sanitized
	has out 'ThreadSanitizer'
fi

# whether data races are looked for, and how to have them found
expect 0 "$CT_BIN" doctor ./threads
has out 'note     ./threads was not built with "conctrace cc"'
"$CT_BIN" cc -- "${CT_CC:-cc}" -pthread -o races -x c source.txt
for program in races races.stripped; do
	[ -e "$program" ] || strip -o "$program" races
	expect 0 "$CT_BIN" doctor "./$program"
	has out "ok       ./$program was built with \"conctrace cc\""
done
echo 'int main() { return 0; }' >main.cc
for compiler in gcc g++ clang clang++; do
	command -v "$compiler" >/dev/null || continue
	rm -f plain
	case $compiler in
	*++) "$compiler" -o plain main.cc -Wl,--no-as-needed ;;
	*) "$compiler" -o plain threads.c ;;
	esac
	expect 0 "$CT_BIN" doctor ./plain
	has out "link it with: conctrace cc $compiler ..."
done

# what forbids traps in a program's code
expect 0 "$CT_BIN" doctor ./threads
has out 'data races are caught by traps'
compile without_tables -Wl,--no-eh-frame-hdr <source.txt
expect 0 "$CT_BIN" doctor ./without_tables
has out './without_tables gets no traps, as it has no unwind tables'
compile calls <<'C'
int main(void)
{
	long result;
	__asm__ volatile("syscall" : "=a"(result) : "a"(39) : "rcx", "r11", "memory");
	return result < 0;
}
C
expect 0 "$CT_BIN" doctor ./calls
has out './calls gets no traps, as its code makes system calls itself (at 0x'
# these bytes within an instruction are no call
compile no_calls <<'C'
int main(void)
{
	int result;
	__asm__ volatile("movl $0x50f, %0" : "=r"(result));
	return result == 0;
}
C
expect 0 "$CT_BIN" doctor ./no_calls
lacks out 'gets no traps'

# what is worth knowing
compile raw <<'C'
#include <aio.h>
int main(void)
{
	struct aiocb block = {0};
	return aio_read(&block);
}
C
expect 0 "$CT_BIN" doctor ./raw
has out 'calls what is not seen: aio_read'
compile own -rdynamic <<'C'
int pthread_mutex_lock(void *m) { return m != 0; }
int main(void) { return pthread_mutex_lock(0); }
C
expect 0 "$CT_BIN" doctor ./own
has out 'has a pthread_mutex_lock of its own'
CONCTRACE_OPTIONS=dri=x:max=3:races=off:traps=all:races_budget=5 expect 0 "$CT_BIN" doctor
has out '"dri=x" is unknown'
(ulimit -f 2000; expect 0 "$CT_BIN" doctor)
has out 'bytes in a file'

# what breaks the recorder itself
CONCTRACE_LIBRARY=$work/nothing.so expect 75 "$CT_BIN" doctor
has out 'nothing.so: No such file'
echo 'int x;' | "${CT_CC:-cc}" -shared -fPIC -x c -o other.so -
CONCTRACE_LIBRARY=$work/other.so expect 75 "$CT_BIN" doctor
has out ' was not recorded'
if mkdir noexec && mount -t tmpfs -o noexec none noexec 2>/dev/null; then
	cp "$CT_LIB" noexec/
	CONCTRACE_LIBRARY=$work/noexec/libconctrace.so expect 75 "$CT_BIN" doctor
	umount noexec
	has out 'mounted noexec'
fi
