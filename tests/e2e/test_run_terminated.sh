# Who ends `run` ends all of its program: by SIGTERM, or by closing the terminal.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# wait_for FILE...: until they have something in them
wait_for() {
	for file; do
		for _ in $(seq 200); do
			[ -s "$file" ] && continue 2
			sleep 0.02
		done
		fail "there is no $file"
	done
}

# all_gone NAME...: the processes whose numbers are in these files
all_gone() {
	for name; do
		gone "$(cat "$name")" || fail "$name is still there"
	done
}

cat >family <<'S'
trap 'exit 3' TERM
sh -c 'trap "" TERM; echo $$ >stubborn; while :; do sleep 1000; done' &
setsid sh -c 'echo $$ >orphan; exec sleep 1000' &
echo $$ >first
wait
S
for option in -q --wait-all; do
	rm -f first stubborn orphan
	"$CT_BIN" run "$option" -- sh family >out 2>err &
	job=$!
	wait_for first stubborn orphan
	kill -TERM "$job"
	status=0
	wait "$job" || status=$?
	[ "$status" = 3 ] || fail "status $status, not the program's: $(cat err)"
	all_gone stubborn orphan
	lacks err 'still running'
done

# its own signal to its group is not meant for the daemon that it leaves
cat >group <<'S'
trap 'exit 4' TERM
setsid sh -c 'echo $$ >daemon; exec sleep 1000' &
while [ ! -s daemon ]; do sleep 0.02; done
kill 0
S
expect 4 setsid -w "$CT_BIN" run -q -- sh group
kill "$(cat daemon)" || fail "the daemon was ended"

# the kernel tells the leader of a session only that its terminal is gone
cat >close.py <<'P'
import os, pty, signal, sys, time

pid, terminal = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], [sys.argv[1], "run", "--", "sh", "-c", "echo $$ >hung; exec sleep 1000"])
while not os.path.exists("hung") or not os.path.getsize("hung"):
    time.sleep(0.02)
os.close(terminal)
for _ in range(250):
    if os.waitpid(pid, os.WNOHANG)[0]:
        sys.exit(0)
    time.sleep(0.02)
os.kill(pid, signal.SIGKILL)
sys.exit("conctrace goes on without its terminal")
P
expect 0 "${CT_PYTHON:-python3}" close.py "$CT_BIN"
all_gone hung
