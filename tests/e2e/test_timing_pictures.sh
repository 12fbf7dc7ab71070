#!/bin/bash
# Pictures of recorded programs: well-formed, with a lane, a bar, a frame for each that there was,
# whatever the names are, at one thread and at hundreds; and of a program that was killed.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

run() {
	folder=$1
	shift
	expect 0 timeout 60 "$CT_BIN" run -o "$folder" -- "$@"
}

draw() {
	expect 0 timeout 60 "$CT_BIN" timing --gantt "$1.gantt.svg" --lanes "$1.lanes.svg" \
		--parallelism "$1.parallelism.svg" "$1"
	for file in "$1".*.svg; do
		"$CT_PYTHON" -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' "$file" ||
			fail "$file is not well-formed"
	done
}

# elements FILE WANTED PATH: how many elements ElementTree finds there
elements() {
	found=$("$CT_PYTHON" - "$1" "$3" <<-'END'
		import sys, xml.etree.ElementTree as tree
		print(len(tree.parse(sys.argv[1]).getroot().findall(sys.argv[2], {"s": "http://www.w3.org/2000/svg"})))
	END
	)
	[ "$found" = "$2" ] || fail "$1: $found of $3, not $2"
}

# Four workers in each of two processes, and the first that waits for them
run two "$CT_PROGRAMS/many_lanes" 4 2 2
draw two
elements two.lanes.svg 11 ".//s:g[@class='lane']"
elements two.lanes.svg 3 ".//s:rect[@class='frame']"
elements two.lanes.svg 10 ".//s:path[@class='start']"
elements two.lanes.svg 0 ".//s:path[@class='torn']"
elements two.gantt.svg 16 ".//s:g[@class='task']/s:rect"
has two.gantt.svg '16 tasks, average '
has two.gantt.svg 'task &lt;3&gt; &amp; &quot;co&quot;'
has two.lanes.svg '>barrier</text>'
has two.lanes.svg '>child</text>'
has two.lanes.svg 'what 11 threads did'
has two.parallelism.svg '>mean '
cpus=$("$CT_PYTHON" -c 'import os; print(len(os.sched_getaffinity(0)))')
has two.parallelism.svg ">$cpus processor"

# No threads, no regions: one worker
compile alone <<'END'
int main(void)
{
	for (volatile int i = 0; i < 10000000; i++)
		;
	return 0;
}
END
run one ./alone
draw one
elements one.lanes.svg 1 ".//s:g[@class='lane']"
elements one.gantt.svg 1 ".//s:g[@class='task']/s:rect"
has one.gantt.svg '1 worker, average '
lacks one.lanes.svg '>lock</text>'

# More than are drawn
run many "$CT_PROGRAMS/many_lanes" 300 1
draw many
elements many.lanes.svg 200 ".//s:g[@class='lane']"
has many.lanes.svg 'the 200 busiest threads are shown, 101 are left out'
elements many.gantt.svg 200 ".//s:g[@class='task']/s:rect"
has many.gantt.svg '100 are left out'

# Killed amid a wait: its lane has no end
compile killed <<'END'
#include <pthread.h>
#include <signal.h>
#include <unistd.h>
static void *wait_for_ever(void *arg)
{
	char byte;
	(void)!write(((int *)arg)[1], "", 1);
	(void)!read(((int *)arg)[2], &byte, 1);
	return NULL;
}
int main(void)
{
	int fds[4];
	char byte;
	pthread_t thread;
	(void)!pipe(fds);
	(void)!pipe(fds + 2);
	pthread_create(&thread, NULL, wait_for_ever, fds);
	(void)!read(fds[0], &byte, 1);
	kill(getpid(), SIGKILL);
}
END
status=0
timeout 60 "$CT_BIN" run -o dead -- ./killed >out 2>err || status=$?
[ "$status" != 0 ] || fail "killed, and status 0"
draw dead
elements dead.lanes.svg 2 ".//s:path[@class='torn']"

# "-" is standard output
expect 0 "$CT_BIN" timing --lanes - two
elements out 11 ".//s:g[@class='lane']"
