# `run` returns with its program, names what goes on running, and can wait for it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 3 "$CT_BIN" run sh -c 'setsid sh -c "echo \$\$ >daemon; exec sleep 1000" & exit 3'
for _ in $(seq 100); do
	[ -s daemon ] && break
	sleep 0.02
done
pid=$(cat daemon)
kill -0 "$pid" || fail "the daemon was ended"
kill "$pid"
has err "(process $pid); --wait-all"

expect 3 "$CT_BIN" run --wait-all sh -c '(sleep 0.5; echo late) & exit 3'
has out late
lacks err 'still running'
expect 124 "$CT_BIN" run --wait-all --timeout 0.5 sh -c 'sleep 1000 & exit 3'
