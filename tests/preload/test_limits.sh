# Where there is little room (on the stack, on the disk, under a limit on files) the program does
# what it does without the recorder, and what is missing in the trace is said.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"

same 20 "$CT_PROGRAMS/small_stack"

# more locks than a live page lists; a child that may not write at all
same 5 "$CT_PROGRAMS/many_held"
CONCTRACE_OPTIONS="trace=$work/held" LD_PRELOAD="$CT_LIB" "$CT_PROGRAMS/many_held" || true
"$CT_BIN" dump "$work/held" >"$work/dump" || fail "many_held: dump says $?"
[ "$(grep -c ' pthread_mutex_lock ' "$work/dump")" = 5200 ] || fail "many_held: not every lock is there"
# a packet may begin between the lock and the unlock of the one lock of that time
pair=$(grep ' pthread_mutex_lock ' "$work/dump" | tail -1 | sed 's/.*object=\(0x[0-9a-f]*\).*/\1/')
! grep ' held_set ' "$work/dump" | grep -vE "held=\[\{object=$pair [^}]*depth=1\}\]" ||
	fail "many_held: something else is held than $pair"

# SIGXFSZ would kill it, and SIGSEGV did once where nothing could be recorded
for kib in 0 4 8 64 100 128 130 160 200 256 400; do
	set +e
	(
		ulimit -c 0
		ulimit -f $kib
		CONCTRACE_OPTIONS="dir=$work/f$kib" LD_PRELOAD="$CT_LIB" exec "$CT_PROGRAMS/small_stack"
	) | cat >"$work/out"
	status=${PIPESTATUS[0]}
	set -e
	[ "$status" = 9 ] && [ "$(cat "$work/out")" = 400 ] ||
		fail "file size limit $kib KiB: status $status, output $(cat "$work/out")"
done
echo "ok: file size limits"

mkdir "$work/disk"
mount -t tmpfs -o size=64k tmpfs "$work/disk" 2>/dev/null ||
	{ echo "no disks of any size can be had here"; exit 0; }
umount "$work/disk"
for kib in 4 60 100 140 148 160 180 200 212 240 300 400; do
	mount -t tmpfs -o size=${kib}k tmpfs "$work/disk"
	status=0
	CONCTRACE_OPTIONS="dir=$work/disk" LD_PRELOAD="$CT_LIB" "$CT_PROGRAMS/small_stack" >"$work/out" ||
		status=$?
	umount "$work/disk"
	[ "$status" = 9 ] && [ "$(cat "$work/out")" = 400 ] ||
		fail "disk of $kib KiB: status $status, output $(cat "$work/out")"
done
mount -t tmpfs -o size=100k tmpfs "$work/disk"
status=0
"$CT_BIN" run -o "$work/disk/t" -- "$CT_PROGRAMS/small_stack" >"$work/out" 2>"$work/err" || status=$?
umount "$work/disk"
[ "$status" = 75 ] && grep -q 'no space is left' "$work/err" || fail "run on a full disk: $status, $(cat "$work/err")"
mount -t tmpfs -o size=300k tmpfs "$work/disk"
status=0
"$CT_BIN" run -o "$work/disk/t" -- "$CT_PROGRAMS/small_stack" >"$work/out" 2>"$work/err" || status=$?
umount "$work/disk"
[ "$status" = 9 ] && grep -q 'could not be recorded to the end' "$work/err" ||
	fail "run on a disk that fills up: $status, $(cat "$work/err")"
echo "ok: full disks"
