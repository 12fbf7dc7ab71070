# What programs do that nobody trusts (tests/grade/hostile): each is ended, nothing of it is left,
# and what is said of it is right. With and without a sandbox, as root and as an ordinary user.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

for source in "$CT_SOURCE"/tests/grade/hostile/*.c; do
	"${CT_CC:-cc}" -D_GNU_SOURCE -O1 -o "$(basename "$source" .c)" "$source"
done
"${CT_CC:-cc}" -std=gnu11 -D_GNU_SOURCE -I"$CT_SOURCE/analyzer" -o job_main \
	"$CT_SOURCE/tests/grade/job_main.c" "$CT_BUILD/analyzer/libct_analyzer.a"
chmod 755 . ./*
space=$(readlink /proc/self/ns/pid)
export JOB_READABLE=$work

# none_left: no process runs a program of this folder, but job_main
none_left() {
	left=$(readlink /proc/[0-9]*/exe | grep "^$work/" | grep -v '/job_main' || true)
	[ -z "$left" ] || fail "is left: $left"
}

# job WANTED SANDBOX [LIMIT=N...] -- COMMAND...: what job_main says begins with WANTED
job() {
	wanted=$1
	shift
	rm -rf box
	mkdir box
	chown "$user" box .
	said=$(timeout 60 $become ./job_main "$work/box" "$@" 2>&1) || true
	case $said in
	"$wanted"*) ;;
	*) fail "user $user, $*: \"$said\", not \"$wanted\": $(head -c 300 box.err)" ;;
	esac
	none_left
	owners=$(find box ! -user "$user")
	[ -z "$owners" ] || fail "not ours again: $(echo "$owners" | head -c 300)"
}

# things ID...: what users with these ids own where everybody may write, and of System V
things() {
	for id; do
		find /tmp /var/tmp /dev/shm /run/lock -maxdepth 1 -name 'ct-outside.*' -uid "$id" 2>/dev/null || true
		awk -v id="$id" 'FNR > 1 && $(FILENAME ~ /sem$/ ? 7 : 10) == id' /proc/sysvipc/*
	done
}

# things_of_jobs: the same of ids of jobs, but for those whose job still runs, of another grader
things_of_jobs() {
	for lock in /run/conctrace-jobs/[0-9]*; do
		[ ! -e "$lock" ] || (flock -n 9 && things "${lock##*/}" || true) 9<"$lock"
	done
}

# outside SANDBOX: nothing is written outside the folder without being counted, and nothing stays
outside() {
	if [ "$1" = none ] && [ "$user" = 0 ]; then
		job 'exited 0' none wall=20000 files=200000000 -- "$work/outside" 1
		[ "$(stat -c '%h %u' box/linked)" = '1 0' ] || fail "stays: $(find /tmp -samefile box/linked)"
		job 'files 0' none wall=20000 files=20000000 -- "$work/outside" 8 stays
	elif [ "$1" = bwrap ]; then
		before=$(things "$user")
		job 'exited 0' bwrap wall=20000 files=4000000 -- "$work/outside" 8
		[ "$before" = "$(things "$user")" ] || fail "is left: $(things "$user")"
		has box.out 'tmp 3'
		has box.out 'shm 3'
		has box.out 'dev 0'
		has box.out 'run 0'
		job 'exited 0' bwrap wall=20000 -- "$work/mounts"
		mkdir -p hidden/below
		echo x >hidden/secret
		JOB_HIDDEN=$work/hidden
		export JOB_HIDDEN
		job 'exited 0' bwrap wall=20000 -- sh -c "find '$work/hidden'; touch '$work/hidden/x' || true"
		[ "$(cat box.out)" = "$work/hidden" ] || fail "is not hidden: $(cat box.out)"
		[ ! -e hidden/x ] || fail 'wrote to what is hidden'
		unset JOB_HIDDEN
	fi
	if [ "$user" = 0 ]; then
		left=$(things_of_jobs | grep -vxF -e "$found_before" || true)
		[ -z "$left" ] || fail "is left: $left"
	fi
}

# interrupted SANDBOX: who is told to end ends its job first
interrupted() {
	rm -rf box
	mkdir box
	chown "$user" box
	$become ./job_main "$work/box" "$1" -- sh -c "'$work/daemon'; echo begun; '$work/ignores'" &
	runner=$!
	until grep -qs begun box.out; do
		sleep 0.02
	done
	kill -TERM "$runner"
	status=0
	wait "$runner" || status=$?
	[ "$status" = 143 ] || fail "interrupted, $1: status $status"
	none_left
}

# whoever SANDBOX: what is the same for every user
whoever() {
	job 'output 0' "$1" wall=20000 output=1000000 -- "$work/much_output"
	[ "$(stat -c %s box.out)" = 1000000 ] || fail 'the output was not cut at its limit'
	job 'memory 0' "$1" wall=20000 memory=100000000 -- "$work/much_memory"
	job 'files 0' "$1" wall=20000 files=20000000 -- "$work/fills"
	job 'signalled 9 left=0' "$1" wall=20000 -- "$work/kill_group"
	job 'exited 0 left=1' "$1" wall=20000 -- "$work/daemon"
	job 'exited 5 left=0' "$1" wall=20000 -- "$work/closes"
	job 'time 0' "$1" wall=200 -- "$work/endless"
	job 'time 0' "$1" wall=200 -- "$work/ignores"
}

# all SANDBOX
all() {
	[ "$user" != "$first" ] || whoever "$1"
	job 'processes 0' "$1" wall=20000 processes=20 -- "$work/fork_bomb"
	job 'memory 0' "$1" wall=20000 memory=100000000 -- "$work/much_memory" shared
	job 'files 0' "$1" wall=20000 files=20000000 -- "$work/deep"
	job 'files 0' "$1" wall=20000 files=20000000 -- "$work/closes_folder"
	outside "$1"
	job 'exited 0 left=0' "$1" wall=20000 -- "$work/closed"
	[ -f box/a/b/file ] || fail 'what was closed is gone'
	job 'time 0' "$1" wall=200 -- "$work/stops"
	rm -rf away secret
	mkdir away
	echo x >secret
	chmod 400 secret
	chmod 500 away
	chown "$user" away secret
	before=$(stat -c '%n %u %a' away secret . /)
	job 'exited 0 left=0' "$1" wall=20000 -- "$work/links" "$work/secret" "$work/away"
	[ "$before" = "$(stat -c '%n %u %a' away secret . /)" ] || fail 'a link was followed'
	# an ordinary user's program without a sandbox may kill whoever runs it
	[ "$1" = none ] && [ "$user" != 0 ] ||
		job 'signalled 9 left=1' "$1" wall=20000 -- "$work/kill_all" "$space"
	interrupted "$1"
	# conctrace works in there, and with --new-session it survives what would end it
	conctrace="env CONCTRACE_LIBRARY=$work/libconctrace.so $work/conctrace"
	job 'exited 66 left=0' "$1" wall=60000 -- $conctrace run -o trace -- "$work/deadlock_abba"
	has box.err 'error[deadlock]'
	[ -d box/trace ] || fail 'there is no trace'
	[ "$user" = "$first" ] || return 0
	job 'exited 137 left=0' "$1" wall=60000 -- \
		$conctrace run --new-session -o trace -- "$work/kill_group"
	has box.err 'the program was killed by SIGKILL'
	job 'signalled 9' "$1" wall=60000 -- $conctrace run -o trace -- "$work/kill_group"
}

# as USER [COMMAND...]: all of it as that user, whom COMMAND makes us
as() {
	user=$1
	shift
	become=$*
	all none
	rm -rf box
	mkdir box
	chown "$user" box .
	if $become ./job_main "$work/box" bwrap -- true | grep -q '^exited 0'; then
		all bwrap
	else
		echo "user $user: bubblewrap does not work here"
	fi
}

cp "$CT_BIN" "$CT_LIB" "$CT_HANG/deadlock_abba" .
first=$(id -u)
found_before=$(things_of_jobs) # of a test that was killed
if [ "$(id -u)" = 0 ]; then
	as 0
	as 61900 setpriv --reuid 61900 --regid 61900 --clear-groups
else
	as "$(id -u)"
fi
