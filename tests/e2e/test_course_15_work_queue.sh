# Row 15: a queue with join and task_done; its workers wait for more when the program ends, which is
# what daemons are for.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

for workers in 1 3 8; do
	run_silent "$CT_DEMOS/work_queue" --workers $workers
	has out '20 tasks done, sum 2470'
	has err "$((workers + 1)) threads"
done
