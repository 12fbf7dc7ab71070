# A process-shared mutex is one object in all processes, wherever they have it mapped: a deadlock of
# two processes is one cycle.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

for memory in fork shm; do
	expect 66 "$CT_BIN" run -o "trace.$memory" "$CT_PROGRAMS/shared_abba" $memory
	has err 'error[deadlock]'
	has err '2 locks'
	has err 'recorded: 2 processes'
	"$CT_BIN" graph wait-for "trace.$memory" >dot
	grep -c 'subgraph cluster' dot | grep -qx 2 || fail "$memory: not two processes in the graph"
	grep -c 'shape=box' dot | grep -qx 2 || fail "$memory: not two locks in the graph"
done
