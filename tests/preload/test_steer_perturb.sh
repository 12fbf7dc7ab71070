# Random delays: rare orders show, a seed decides the same each time, and programs do what they do
# without.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

# perturbed SECONDS SEED PROGRAM...
perturbed() {
	local seconds=$1 seed=$2
	shift 2
	rm -rf "$work/t"
	timeout "$seconds" env CONCTRACE_OPTIONS="trace=$work/t:perturb=$seed" \
		LD_PRELOAD="$CT_LIB" "$@"
}

# A window of a few microseconds. On a machine with much else to do, a thread may lose its processor
# in it by itself.
plain=0
for run in $(seq 100); do
	timeout 2 "$CT_PROGRAMS/steer_window" >/dev/null || plain=$((plain + 1))
done
[ $plain -le 1 ] || fail "steer_window: $plain of 100 plain runs hang"
hangs=""
for seed in $(seq 20); do
	perturbed 1 "$seed" "$CT_PROGRAMS/steer_window" >/dev/null || hangs="$hangs $seed"
done
[ -n "$hangs" ] || fail "steer_window: no seed of 20 makes it hang"
echo "ok: steer_window: $plain of 100 plain runs hang, and those with the seeds$hangs"

# The same seed, the same delays: what is long in each of five runs is long in each of five others. A busy
# machine makes runs longer, never shorter: then five more of each tell.
measure() {
	for run in 1 2 3 4 5; do
		perturbed 60 "$1" "$CT_PROGRAMS/steer_times"
	done >>"$2.all"
	"$CT_PYTHON" -c '
import sys
least = {}
for line in sys.stdin:
    who, index, us = line.split()
    least[who, int(index)] = min(int(us), least.get((who, int(index)), 1 << 60))
for key, us in sorted(least.items()):
    if us > 1900:
        print(*key)
' <"$2.all" >"$2"
}
for try in 1 2 3 4 5; do
	measure 1 "$work/a"
	measure 1 "$work/b"
	! cmp -s "$work/a" "$work/b" || break
done
measure 2 "$work/c"
cmp -s "$work/a" "$work/b" || fail "seed 1 twice: $(diff "$work/a" "$work/b")"
[ "$(wc -l <"$work/a")" -ge 5 ] || fail "seed 1: hardly any delays"
! cmp -s "$work/a" "$work/c" || fail "seeds 1 and 2: the same delays"
echo "ok: $(wc -l <"$work/a") delays of seed 1, twice; $(wc -l <"$work/c") of seed 2"

# Output and status are the program's own.
traced() {
	folder=$1
	shift
	CONCTRACE_OPTIONS="dir=$folder:perturb=$((run * 7))" LD_PRELOAD="$CT_LIB" "$@"
}
# None that takes a thread that sleeps for one that waits.
for name in mutex_kinds proc_fork proc_vfork proc_wait proc_exec proc_spawn signal_jump \
	small_stack clone_children corners many_held sem_named socket_stream; do
	same 2 "$CT_PROGRAMS/$name"
done
