# System V semaphores, shared memory and message queues: programs that try every way in which the calls
# come out behave as without the recorder, and each call is in the trace as it came out.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/ipc.sh"

# additions stand before their call, and a failure behind it if it failed; what takes stands once if it
# need not wait. The child that gives up its rights (the last one) cannot add to the trace.
recorded 10 "$CT_PROGRAMS/sysv_sem"
in_order 'sem[a-z_]*|failed' <<'END'
1.1 failed 0 none 22 of semget
1.1 failed 0 none 22 of semget
1.1 failed 0 none 2 of semget
1.1 semget 512 set 0x3
1.1 semctl_set 0 1 0x5
1.1 semctl_set 0 1 0x9C40
1.1 failed 0 1 34 of semctl_set
1.1 semctl_set 0 7 0x1
1.1 failed 0 7 22 of semctl_set
1.1 semctl_set 0 set 0x0
1.1 semctl_set 0 set 0x0
1.1 failed 0 set 14 of semctl_set
1.1 semctl_remove 0 set
1.1 failed 0 set 22 of semctl_remove
1.1 failed 0 set 14 of semop
1.1 failed 0 set 14 of semop
1.1 failed 0 set 14 of semop
1.1 failed 0 set 14 of semop
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 failed 0 set 14 of semop
1.1 semop 0 set 1: [ (0 -1 0) ]
1.1 failed 0 set 22 of semop
1.1 semop 1 set 500: [ (0 1 0) (1 1 0) (2 1 0) ... ]
1.1 semop 2 set 500: [ (0 1 0) (1 1 0) (2 1 0) ... ]
1.1 semop 1 set 500: [ (0 1 0) (1 1 0) (2 1 0) ... ]
1.1 failed 2 set 7 of semop
1.1 semop 1 set 500: [ (0 1 0) (1 1 0) (2 1 0) ... ]
1.1 failed 2 set 7 of semop
1.1 semop 0 set 1: [ (9 1 0) ]
1.1 failed 0 set 27 of semop
1.1 failed 0 set 27 of semop
1.1 semop 0 set 1: [ (0 32766 0) ]
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 failed 0 set 34 of semop
1.1 semop 0 set 1: [ (0 32769 0) ]
1.1 failed 0 set 22 of semop
1.1 semop 0 set 2: [ (1 -1 0) (2 -1 2048) ]
1.1 failed 4 set 11 of semop
1.1 semop 4 set 1: [ (0 0 2048) ]
1.1 semop 1 set 2: [ (0 0 0) (0 1 4096) ]
1.1 semop 2 set 2: [ (0 0 0) (0 1 4096) ]
1.1 semop 5 set 2: [ (0 0 2048) (0 1 2048) ]
1.1 failed 6 set 11 of semop
1.1 failed 4 set 11 of semop
1.1 semop 0 set 1: [ (0 -1 4096) ]
1.1 semop 9 set 1: [ (0 -1 0) ]
1.1 failed 10 set 11 of semop
1.1 semop 9 set 1: [ (0 -1 0) ]
1.1 failed 10 set 11 of semop
1.1 failed 0 set 22 of semop
1.1 failed 0 set 22 of semop
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 failed 0 set 22 of semop
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 failed 0 set 14 of semop
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 semop 0 set 1: [ (0 -1 0) ]
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 semop 0 set 1: [ (0 -1 0) ]
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 semctl_set 0 0 0x1
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 semctl_remove 0 set
1.1 semop 0 set 1: [ (0 1 0) ]
1.1 failed 0 set 22 of semop
1.1 failed 0 set 22 of semop
1.1 semctl_set 0 0 0x1
1.1 failed 0 0 22 of semctl_set
1.1 semget 512 set 0x1
1.1 semctl_remove 0 set
1.2 semop 1 set 1: [ (0 -1 0) ]
1.2 semop 2 set 1: [ (0 -1 0) ]
1.3 semop 9 set 1: [ (0 -1 0) ]
1.3 semop 10 set 1: [ (0 -1 0) ]
1.4 semop 1 set 1: [ (0 -1 0) ]
1.4 failed 2 set 4 of semop
1.5 semop 1 set 1: [ (0 -1 0) ]
1.5 semop 2 set 1: [ (0 -1 0) ]
1.6 semop 0 set 1: [ (0 -1 0) ]
2.1 semop 1 set 1: [ (0 -1 0) ]
2.1 semop 2 set 1: [ (0 -1 0) ]
3.1 semop 0 set 1: [ (0 3 4096) ]
4.1 semop 1 set 1: [ (0 -1 0) ]
4.1 failed 2 set 43 of semop
END

recorded 10 "$CT_PROGRAMS/sysv_msg"
in_order 'msg[a-z_]*|failed' <<'END'
1.1 msgget 512 it 0x4000
1.1 failed 0 none 2 of msgget
1.1 msgsnd 1 it 0x1
1.1 failed 2 it 22 of msgsnd
1.1 msgsnd 1 it 0x1
1.1 failed 2 it 14 of msgsnd
1.1 msgsnd 1 it 0x1
1.1 failed 2 it 14 of msgsnd
1.1 msgsnd 1 it 0x1
1.1 failed 2 it 22 of msgsnd
1.1 msgsnd 1 it 0x100000
1.1 failed 2 it 22 of msgsnd
1.1 msgsnd 1 it 0xFFFFFFFFFFFFFFFF
1.1 failed 2 it 22 of msgsnd
1.1 msgsnd 1 it 0x1
1.1 failed 2 it 22 of msgsnd
1.1 msgsnd 1 it 0x1
1.1 failed 2 it 22 of msgsnd
1.1 msgrcv 5 it 0x0
1.1 failed 6 it 42 of msgrcv
1.1 msgrcv 5 it 0x0
1.1 failed 6 it 22 of msgrcv
1.1 msgrcv 1 it 0x0
1.1 failed 2 it 22 of msgrcv
1.1 msgctl_remove 0 it
1.1 failed 0 it 22 of msgctl_remove
1.1 msgsnd 1 it 0x3
1.1 msgsnd 2 it 0x3
1.1 msgsnd 1 it 0x3
1.1 msgsnd 2 it 0x3
1.1 msgsnd 5 it 0x5
1.1 msgsnd 6 it 0x5
1.1 msgsnd 1 it 0x4
1.1 msgsnd 2 it 0x4
1.1 msgrcv 1 it 0x2
1.1 msgrcv 2 it 0x3
1.1 msgrcv 1 it 0xFFFFFFFFFFFFFFFC
1.1 msgrcv 2 it 0x3
1.1 msgrcv 1 it 0x3
1.1 msgrcv 2 it 0x4
1.1 msgrcv 5 it 0x9
1.1 failed 6 it 42 of msgrcv
1.1 msgrcv 1 it 0x0
1.1 failed 2 it 7 of msgrcv
1.1 msgrcv 1 it 0x0
1.1 msgrcv 2 it 0x2
1.1 msgsnd 1 it 0x0
1.1 msgsnd 2 it 0x0
1.1 msgrcv 1 it 0x0
1.1 msgrcv 2 it 0x0
1.1 msgsnd 1 it 0x4
1.1 msgsnd 2 it 0x4
1.1 msgrcv 1 it 0x0
1.1 failed 2 it 14 of msgrcv
1.1 msgsnd 1 it 0x5
1.1 msgsnd 2 it 0x5
1.1 msgsnd 1 it 0x4
1.1 msgsnd 2 it 0x4
1.1 msgsnd 5 it 0x4
1.1 failed 6 it 11 of msgsnd
1.1 msgrcv 1 it 0x0
1.1 msgrcv 2 it 0x4
1.1 msgrcv 1 it 0x0
1.1 msgrcv 2 it 0x4
1.1 msgsnd 1 it 0x4
1.1 msgsnd 2 it 0x4
1.1 msgrcv 1 it 0x0
1.1 msgrcv 2 it 0x4
1.1 msgsnd 1 it 0x4
1.1 msgsnd 2 it 0x4
1.1 msgctl_remove 0 it
1.1 msgsnd 1 it 0x4
1.1 failed 2 it 22 of msgsnd
1.2 msgrcv 1 it 0x0
1.2 msgrcv 2 it 0x5
1.3 msgrcv 1 it 0x0
1.3 failed 2 it 4 of msgrcv
1.4 msgrcv 1 it 0x0
1.4 failed 2 it 125 of msgrcv
1.5 msgsnd 1 it 0x4
1.5 msgsnd 2 it 0x4
1.6 msgsnd 1 it 0x4
1.6 failed 2 it 4 of msgsnd
1.7 msgsnd 1 it 0x4
1.7 failed 2 it 125 of msgsnd
1.8 msgrcv 1 it 0x0
1.8 failed 2 it 125 of msgrcv
2.1 msgrcv 1 it 0x0
2.1 msgrcv 2 it 0x4
3.1 msgrcv 1 it 0x0
3.1 failed 2 it 43 of msgrcv
END

recorded 10 "$CT_PROGRAMS/sysv_shm"
echo 's/\(shmat [0-9] at\) .*/\1 segment/' >>"$work/events"
in_order 'shm[a-z_]*|failed|memory_freed' <<'END'
1.1 shmat 0 at segment
1.1 failed 0 none 22 of shmat
1.1 failed 0 0x11 22 of shmat
1.1 failed 0 none 22 of shmat
1.1 shmdt 0 none
1.1 failed 0 none 22 of shmdt
1.1 shmdt 0 0x1000
1.1 failed 0 0x1000 22 of shmdt
1.1 shmdt 0 at
1.1 failed 0 at 22 of shmdt
1.1 memory_freed 0 at 0x4000
1.1 shmdt 0 at
1.1 shmat 0 at segment
1.1 failed 0 at 22 of shmat
1.1 memory_freed 0 at 0x4000
1.1 shmat 0 at segment
1.1 memory_freed 0 at 0x4000
1.1 shmdt 0 at
1.1 failed 0 none 22 of shmat
2.1 shmat 0 at segment
2.1 memory_freed 0 at 0x4000
2.1 shmdt 0 at
2.1 shmdt 0 at
2.1 failed 0 at 22 of shmdt
2.1 memory_freed 0 at 0x4000
2.1 shmdt 0 at
END
# the memory is the segment, of the size that the kernel tells: twice in the parent and, over itself, a
# second one; again in the child
sed -nE 's/.*\) (map|unmap): .* process = ([0-9]+),.* size = ([0-9]+)(, device = 18446744073709551614, inode = ([0-9]+), offset = 0)? \}/\2 \1 \3 \5/p' \
	"$work/text" >"$work/maps"
first=$(sed -n 's/^1 map 16384 //p' "$work/maps" | head -1)
sort -s -k1,1 "$work/maps" | sed -E "s/ $first\$/ first/; s/ [0-9]+\$/ second/; s/ +\$//" >"$work/found"
cat >"$work/wanted" <<'END'
1 map 16384 first
1 unmap 16384
1 map 16384 first
1 unmap 16384
1 map 16384 second
1 unmap 16384
2 map 16384 first
2 unmap 16384
2 unmap 16384
END
cmp -s "$work/wanted" "$work/found" || fail "sysv_shm: $(diff "$work/wanted" "$work/found")"

# a mutex in a segment that two processes have at different addresses is one object
status=0
"$CT_BIN" run -o "$work/trace" "$CT_PROGRAMS/sysv_shm" abba >"$work/got" 2>"$work/report" || status=$?
[ $status = 66 ] || fail "abba: status $status: $(cat "$work/report")"
grep -q 'error\[deadlock\]' "$work/report" || fail "abba: no deadlock: $(cat "$work/report")"
"$CT_BIN" graph wait-for "$work/trace" >"$work/dot"
[ "$(grep -c 'subgraph cluster' "$work/dot")" = 2 ] || fail "abba: not two processes in the graph"
[ "$(grep -c 'shape=box' "$work/dot")" = 2 ] || fail "abba: not two locks in the graph"
echo "ok: sysv_shm abba"
