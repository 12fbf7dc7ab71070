# conctrace grade, off the beaten track: what the program reads and prints, builds of the rubric's own,
# submissions too large, names that are no UTF-8, sandboxes, a full disk, a terminal, killed graders.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/gradable.sh"

chmod 755 .
mkdir class one tmp
chmod 1777 tmp
cat >class/echo.c <<'C'
#include <stdio.h>
int main(void)
{
	for (int c; (c = getchar()) != EOF;)
		putchar(c);
	return 0;
}
C
sed 's/putchar(c)/putchar(c == 0x32 ? 0x33 : c)/' class/echo.c >class/wrong.c
sed 's/getchar()) != EOF/getchar()) != 0x32/' class/echo.c >class/short.c
latin=$(printf 'caf\351.c')
cp class/echo.c "class/$latin"
mkdir class/large class/many class/broken
truncate -s 65M class/large/data
(cd class/many && seq 10001 | xargs touch)
printf 'int main(void) { return 1 }\n' >class/broken/main.c
cp class/echo.c one/
printf 'sum 1\nsum 2\n' >input.txt
cat >rubric.ini <<'R'
[grade]
runs = 1
[build]
command = echo it is built; exec gcc -o answer *.c
[run]
command = ./answer
input = input.txt
[output]
expect = input.txt
match = ^sum [0-9]$
R

# verdict NAME VERDICT POINTS WHY, of result.json
verdict() {
	"${CT_PYTHON:-python3}" -B - "$@" <<'P' || fail "$1: another verdict"
import json, os, sys
folder, verdict, points, why = sys.argv[1:]
raw = open(os.fsencode(folder) + b"/result.json", "rb").read()
result = json.loads(raw.decode())
if (result["verdict"], result["points"]) != (verdict, int(points)) or why not in result["why"]:
    sys.exit(raw.decode())
P
}

expect 0 timeout 60 "$CT_BIN" grade rubric.ini class -o results --keep-traces
has out 'caf\xE9.c: clean, 100 of 100'
verdict results/echo.c clean 100 ''
verdict "results/$latin" clean 100 ''
verdict results/wrong.c failed 80 'line 2 is "sum 3", not "sum 2"'
verdict results/short.c failed 80 'line 2 is "sum ", not "sum 2"'
verdict results/large 'does not build' 0 'it is too large'
verdict results/many 'does not build' 0 'it is too large'
verdict results/broken 'does not build' 0 'exited with status 1'
has results/broken/build.log 'it is built'
expect 0 timeout 20 "$CT_BIN" report results/echo.c/runs/1/trace
iconv -f UTF-8 -t UTF-8 results/grades.csv >table.csv || fail "the table is no UTF-8"
for wrong in 'match = ^sum: [0-9]$:no line matches' 'contains = sum 3:"sum 3" is not in it'; do
	printf '[grade]\nruns = 1\n[run]\ninput = input.txt\n[output]\n%s\n' "${wrong%:*}" >other.ini
	expect 0 timeout 60 "$CT_BIN" grade other.ini one -q -o other
	verdict other/echo.c failed 80 "${wrong##*:}"
	[ ! -e other/echo.c/runs/1/trace ] || fail "a trace is kept that nobody asked for"
done

# A terminal gets one line that is written again and again.
expect 0 timeout 60 script -qec "'$CT_BIN' grade rubric.ini one -o terminal" typescript
has typescript '[##############################] 1 of 1'
lacks typescript 'echo.c: clean'
# Lines go to a file all the same.
expect 0 timeout 60 script -qec "'$CT_BIN' grade rubric.ini one -o terminal >lines" typescript
has typescript '] 1 of 1'
has lines 'echo.c: clean'

# A rubric may be a link, and the files that it names; it may not be a device.
mkdir linked
mv rubric.ini input.txt linked/
ln -s linked/rubric.ini rubric.ini
ln -s linked/input.txt input.txt
expect 0 timeout 60 "$CT_BIN" grade rubric.ini one -q -o linked/results
cmp -s linked/results/grades.csv terminal/grades.csv || fail "by links: another table"
expect 2 "$CT_BIN" grade /dev/null one
has err '/dev/null: this is no file'

# Neither a long line nor a program that does away with its trace holds the grader up.
mkdir odd
cat >odd/long.c <<'C'
#include <stdio.h>
int main(void)
{
	for (int i = 0; i < 500000; i++)
		putchar('a');
	puts("\nsum 5");
	return 0;
}
C
cat >odd/untraced.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
int main(void)
{
	puts("sum 5");
	fflush(stdout);
	return system("rm -rf conctrace.trace") != 0;
}
C
printf '[grade]\nruns = 1\n[output]\nmatch = ^(a*)*b|^sum 5$\n' >odd.ini
expect 0 timeout 60 "$CT_BIN" grade odd.ini odd -o odd.results --keep-traces
verdict odd.results/long.c clean 100 ''
has out 'untraced.c: '
lacks out 'not graded'

# All sandboxes say the same.
expect 0 timeout 60 "$CT_BIN" grade rubric.ini one -q -o none --sandbox none
cmp -s none/grades.csv terminal/grades.csv || fail "without a sandbox: another table"
status=0
timeout 60 "$CT_BIN" grade rubric.ini one -q -o bwrap --sandbox bwrap 2>err || status=$?
if [ "$status" = 0 ]; then
	cmp -s bwrap/grades.csv terminal/grades.csv || fail "with bubblewrap: another table"
else
	[ "$status" = 2 ] || fail "no bubblewrap: status $status"
	has err 'there is no sandbox: '
fi

# Without any, only root and those who said so may go on.
user() {
	if [ "$(id -u)" = 0 ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}
if user test -x "$CT_BIN"; then
	mkdir bin
	expect 2 user env PATH="$PWD/bin" TMPDIR="$PWD/tmp" "$CT_BIN" grade rubric.ini one -o tmp/user
	has err 'Install bubblewrap'
	[ ! -e tmp/user ] || fail "refused, and a folder is made"
	expect 2 user env PATH="$PWD/bin" "$CT_BIN" grade rubric.ini one -o tmp/user --sandbox bwrap
	cp class/wrong.c one/
	expect 0 user env TMPDIR="$PWD/tmp" timeout 60 "$CT_BIN" grade rubric.ini one -j2 \
		-o tmp/user --sandbox none
	[ "$(grep -c 'a submission can read and change your files' err)" = 1 ] ||
		fail "not warned once: $(cat err)"
	verdict tmp/user/wrong.c failed 80 'line 2'
	rm one/wrong.c
fi

# mounts_alone SCRIPT: where nobody else sees what it mounts; 77: that cannot be had, as in a chroot
mounts_alone() {
	unshare -m true 2>/dev/null || return 77
	timeout 60 unshare -m sh "$1"
}

# A full disk: told, and nothing half written.
mkdir full
cat >full.sh <<'S'
mount -t tmpfs -o size=16k none full || exit 77
status=0
"$CT_BIN" grade rubric.ini one -o full || status=$?
[ "$(cd full && find . -name '*.??????')" = "" ] || echo "half written"
[ ! -e full/grades.csv ] || cat full/grades.csv
exit $status
S
status=0
[ "$(id -u)" = 0 ] && mounts_alone full.sh >out 2>err || status=$?
if [ "$(id -u)" = 0 ] && [ "$status" != 77 ]; then
	[ "$status" = 70 ] || fail "a full disk: status $status: $(cat out err)"
	has err 'echo.c: not graded: '
	has err 'No space left on device'
	lacks out 'half written'
	lacks out 'clean'
fi

# No room for builds and runs: nobody's fault.
cat >scratch.sh <<'S'
mount -t tmpfs -o size=8M,mode=1777 none tmp || exit 77
TMPDIR=$PWD/tmp "$CT_BIN" grade rubric.ini class --only broken -o little
S
status=0
[ "$(id -u)" = 0 ] && mounts_alone scratch.sh >out 2>err || status=$?
if [ "$(id -u)" = 0 ] && [ "$status" != 77 ]; then
	[ "$status" = 70 ] || fail "no room for builds: status $status: $(cat out err)"
	has err 'broken: not graded: the disk of '
fi

# What a killed grader leaves goes with the next; one that lives keeps what it has.
export TMPDIR=$PWD/tmp
mkdir slow nobody
printf '#include <unistd.h>\nint main(void) { sleep(5); return 0; }\n' >slow/slow.c
printf '[grade]\nruns = 1\n' >slow.ini
# begin FOLDER: a grader of its own, which has begun its work
begin() {
	"$CT_BIN" grade slow.ini slow -o "$1" >"$1.out" 2>&1 </dev/null &
	pid=$!
	for _ in $(seq 400); do
		[ ! -e "$1/slow.c/build.log" ] || return 0
		sleep 0.05
	done
	fail "it does not begin: $(cat "$1.out")"
}
# left: how many folders of graders there are
left() {
	find tmp -maxdepth 1 -name 'conctrace-grade.*' | wc -l
}
begin killed
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
[ "$(left)" = 1 ] || fail "nothing is left of a killed grader: $(ls tmp)"
for _ in $(seq 40); do # until its workers are gone
	expect 0 timeout 60 "$CT_BIN" grade slow.ini nobody -q -o next
	[ "$(left)" != 0 ] || break
	sleep 0.2
done
[ "$(left)" = 0 ] || fail "a folder is left: $(ls tmp)"
begin living
expect 0 timeout 60 "$CT_BIN" grade slow.ini nobody -q -o next
[ "$(left)" = 1 ] || fail "the folder of a grader that lives is gone"
wait "$pid" || fail "a grader was disturbed: $(cat living.out)"
has living.out 'slow.c: clean, 100 of 100'
[ "$(left)" = 0 ] || fail "a folder is left: $(ls tmp)"
