# --timeout ends the program and whatever descends from it, and nothing else.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 124 "$CT_BIN" run --timeout 0.2 -- sleep 1000
has err 'time limit'
expect 0 "$CT_BIN" run --timeout 100 -- true

# a family that does not want to go: one ignores SIGTERM, one left its session and its parent
sleep 1001 &
bystander=$!
expect 124 "$CT_BIN" run --timeout 2 -o family -- sh -c '
	trap "" TERM
	(setsid sh -c "echo \$\$ >orphan; exec sleep 1002" &)
	sh -c "trap \"\" TERM; echo \$\$ >stubborn; while :; do sleep 1003; done" &
	wait'
kill -0 "$bystander" || fail "a process that was not the program's was ended"
kill "$bystander"
for name in orphan stubborn; do
	pid=$(cat "$name")
	gone "$pid" || fail "$name is still there"
done
expect 0 "$CT_BIN" report family

# children that a shell's exec left to conctrace are not the program's
rm -f foreign
expect 124 bash -c "sleep 1004 & echo \$! >foreign; exec '$CT_BIN' run --timeout 0.2 -- sleep 1005"
kill -0 "$(cat foreign)" || fail "a child of the shell was ended"
kill "$(cat foreign)"
