# conctrace grade in shards, and interrupted: put together, the table is that of one go.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/gradable.sh"

rubric=$CT_SOURCE/tests/grade/rubric.ini
mkdir class
for name in abba.c condition.c crash.c data_race.c mutex.c no_main.c no_thread.c wrong_output.c \
	processes; do
	cp -r "$CT_SOURCE/tests/grade/submissions/$name" class/
done
expect 0 timeout 60 "$CT_BIN" grade "$rubric" class -q -o whole
[ ! -s out ] && [ ! -s err ] || fail "--quiet prints: $(cat out err)"

for shard in 1 2 3; do
	expect 0 timeout 60 "$CT_BIN" grade "$rubric" class --shard "$shard/3" -o "part.$shard"
	has err 'graded 3 of 3'
done
expect 0 "$CT_BIN" merge -o merged.csv part.1 part.2 part.3
cmp -s merged.csv whole/grades.csv || fail "merged: $(diff merged.csv whole/grades.csv)"
expect 0 "$CT_BIN" merge part.3 part.1 whole part.2
cmp -s out whole/grades.csv || fail "merged with the whole: another table"

# One that differs is named.
printf '\n' >>class/mutex.c
expect 0 timeout 60 "$CT_BIN" grade "$rubric" class --only mutex.c -o other
expect 2 "$CT_BIN" merge whole other
has err 'whole and other both have mutex.c'
expect 2 "$CT_BIN" merge
expect 2 "$CT_BIN" merge no-such-folder
cp "$CT_SOURCE/tests/grade/submissions/mutex.c" class/

# A result that is damaged is as if it were not there.
cp -r whole damaged
printf '{"format": 3' >damaged/mutex.c/result.json
expect 0 timeout 60 "$CT_BIN" grade "$rubric" class -o damaged
has err '(8 as before)'
cmp -s damaged/grades.csv whole/grades.csv || fail "damaged: another table"

# Interrupted when some are done.
# A shell ignores SIGINT for what it runs in the background.
true >told
env --default-signal=INT "$CT_BIN" grade "$rubric" class -j1 -o stopped >told 2>err </dev/null &
pid=$!
for _ in $(seq 1000); do
	[ "$(wc -l <told)" -lt 2 ] || break
	sleep 0.05
done
kill -INT "$pid"
status=0
wait "$pid" || status=$?
[ "$status" = 130 ] || fail "interrupted: status $status: $(cat err)"
has err 'goes on from here'
[ "$(wc -l <told)" -lt 9 ] || fail "it was not interrupted"
expect 0 timeout 60 "$CT_BIN" grade "$rubric" class -o stopped
grep -q ' as before)' err || fail "nothing was kept: $(cat err)"
cmp -s stopped/grades.csv whole/grades.csv || fail "resumed: another table"

# What is no submission any more, or by another rubric, is in no table.
rm class/crash.c
expect 0 timeout 60 "$CT_BIN" grade "$rubric" class -o stopped
has err '1 other result is there'
lacks stopped/grades.csv crash.c
expect 0 timeout 60 "$CT_BIN" grade "$rubric" class -o stopped --seed 5 --only mutex.c
has err '8 other results are there'
[ "$(wc -l <stopped/grades.csv)" = 2 ] || fail "rubrics are mixed: $(cat stopped/grades.csv)"
expect 2 "$CT_BIN" merge stopped
has err 'graded by different rubrics, seeds or versions'

# -o writes into what is no file, and replaces a file.
mkfifo fifo
timeout 20 cat fifo >read.csv &
expect 0 timeout 20 "$CT_BIN" merge -o fifo whole
wait "$!"
[ -p fifo ] || fail "the pipe was replaced"
cmp -s read.csv whole/grades.csv || fail "through a pipe: another table"
printf 'old\n' >target.csv
ln -s target.csv link.csv
expect 0 "$CT_BIN" merge -o link.csv whole
[ -L link.csv ] || fail "the link was replaced"
cmp -s target.csv whole/grades.csv || fail "through a link: another table"
