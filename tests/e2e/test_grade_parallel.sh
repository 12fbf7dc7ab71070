# A class in shards by GNU parallel, as docs/grading.md has it: the table is that of one go.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/gradable.sh"
. "$CT_SOURCE/tests/e2e/shards.sh"
parallel --version 2>&1 | grep -q GNU || { echo "no GNU parallel"; exit 77; }

make_class
# Stands for ssh: all machines are this one; a login begins in another folder, and has a SHELL.
mkdir home
cat >ssh <<'SH'
#!/bin/sh
echo "$1" >>"$REACHED"
[ "$1" != "$AWAY" ] || exit 255
shift
[ "$1" != -- ] || shift
export SHELL=/bin/sh
cd "$HOME" && exec sh -c "$*"
SH
chmod +x ssh
export PARALLEL_SSH=$PWD/ssh REACHED=$PWD/reached AWAY=none HOME=$PWD/home
recipe parallel >parallel.sh
expect 0 timeout 60 bash parallel.sh
[ "$(sort -u reached | tr '\n' ' ')" = 'lab1 lab2 lab3 ' ] || fail "ran on: $(cat reached)"
same_table

# While a machine is away there is no table; when it is back, what is missing is graded.
rm -r grades.csv grades.2/condition.c
AWAY=lab2
! timeout 60 bash parallel.sh >out 2>err || fail 'a machine is away, and nobody says so'
[ ! -e grades.csv ] || fail 'a table without a shard'
AWAY=none
expect 0 timeout 60 bash parallel.sh
[ "$(grep -c ' as before)' err)" -ge 2 ] || fail "graded anew: $(cat err)"
same_table

# Two of them do not write to one folder.
expect 2 flock grades.1/.lock conctrace grade rubric.ini submissions --shard 1/3 -o grades.1
has err 'conctrace: grades.1: another conctrace grade writes its results there'
same_table
