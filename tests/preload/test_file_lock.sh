# flock, lockf and the locks of fcntl: a program that tries every way in which they come out behaves as
# without the recorder, and each call is in the trace as it came out.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/ipc.sh"

# mode: 0 unlock, 1 shared, 2 exclusive; owner: 0 the process, 1 the open file, 2 the open file by flock
recorded 10 "$CT_PROGRAMS/filelock_all" "$work"
in_order 'flock|lockf|fcntl_setlk|failed' <<'END'
1.1 failed 0 none 9 of flock
1.1 flock 0 it start 0 length 0 fd 3 mode 0 owner 2
1.1 flock 0 it start 0 length 0 fd 3 mode 2 owner 2
1.1 flock 0 it start 0 length 0 fd 3 mode 2 owner 2
1.1 failed 4 it 11 of flock
1.1 failed 4 it 11 of flock
1.1 flock 0 it start 0 length 0 fd 3 mode 1 owner 2
1.1 failed 4 it 11 of flock
1.1 flock 4 it start 0 length 0 fd 4 mode 2 owner 2
1.1 flock 0 it start 0 length 0 fd 4 mode 0 owner 2
1.1 flock 0 it start 0 length 0 fd 4 mode 0 owner 2
1.1 flock 0 it start 0 length 0 fd 3 mode 2 owner 2
1.1 flock 4 it start 0 length 0 fd 4 mode 2 owner 2
1.1 flock 0 it start 0 length 0 fd 4 mode 0 owner 2
1.1 failed 0 none 9 of lockf
1.1 lockf 0 it start 100 length 10 fd 3 mode 2 owner 0
1.1 lockf 4 it start 90 length 10 fd 3 mode 2 owner 0
1.1 lockf 0 it start 100 length 0 fd 3 mode 0 owner 0
1.1 failed 0 it 22 of lockf
1.1 lockf 0 it start 0 length 0 fd 3 mode 0 owner 0
1.1 failed 4 it 11 of lockf
1.1 lockf 4 it start 0 length 100 fd 3 mode 2 owner 0
1.1 lockf 0 it start 0 length 0 fd 3 mode 0 owner 0
1.1 failed 0 none 14 of fcntl_setlk
1.1 failed 0 none 14 of fcntl_setlk
1.1 failed 0 none 14 of fcntl_setlk
1.1 failed 0 none 9 of fcntl_setlk
1.1 failed 0 it 22 of fcntl_setlk
1.1 failed 4 it 22 of fcntl_setlk
1.1 failed 4 it 22 of fcntl_setlk
1.1 fcntl_setlk 4 it start 10 length 5 fd 3 mode 2 owner 0
1.1 fcntl_setlk 0 it start 45 length 5 fd 3 mode 1 owner 0
1.1 fcntl_setlk 0 it start 0 length 1000 fd 3 mode 2 owner 0
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 0 owner 0
1.1 fcntl_setlk 4 it start 0 length 0 fd 4 mode 2 owner 0
1.1 fcntl_setlk 0 it start 0 length 0 fd 4 mode 0 owner 0
1.1 failed 4 it 11 of fcntl_setlk
1.1 fcntl_setlk 4 it start 110 length 0 fd 3 mode 2 owner 0
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 0 owner 0
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 0 owner 0
1.1 fcntl_setlk 4 it start 0 length 1 fd 3 mode 2 owner 0
1.1 fcntl_setlk 1 it start 1 length 1 fd 3 mode 2 owner 0
1.1 failed 2 it 35 of fcntl_setlk
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 0 owner 0
1.1 failed 4 it 22 of fcntl_setlk
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 2 owner 1
1.1 failed 4 it 11 of fcntl_setlk
1.1 failed 4 it 11 of fcntl_setlk
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 0 owner 1
1.1 fcntl_setlk 4 it start 0 length 0 fd 3 mode 1 owner 1
1.1 fcntl_setlk 0 it start 0 length 0 fd 4 mode 0 owner 1
1.1 fcntl_setlk 0 it start 0 length 0 fd 3 mode 0 owner 1
1.2 flock 1 it start 0 length 0 fd 4 mode 2 owner 2
1.2 failed 2 it 4 of flock
1.3 flock 1 it start 0 length 0 fd 4 mode 1 owner 2
1.3 flock 2 it start 0 length 0 fd 4 mode 1 owner 2
1.4 flock 0 it start 0 length 0 fd 4 mode 2 owner 2
1.5 lockf 1 it start 0 length 0 fd 3 mode 2 owner 0
1.5 failed 2 it 4 of lockf
1.6 lockf 1 it start 0 length 0 fd 3 mode 2 owner 0
1.6 failed 2 it 125 of lockf
1.7 lockf 1 it start 0 length 0 fd 3 mode 2 owner 0
1.7 lockf 2 it start 0 length 0 fd 3 mode 2 owner 0
1.9 fcntl_setlk 1 it start 0 length 0 fd 3 mode 2 owner 0
1.9 failed 2 it 4 of fcntl_setlk
1.10 fcntl_setlk 1 it start 0 length 0 fd 3 mode 2 owner 0
1.10 failed 2 it 125 of fcntl_setlk
1.11 fcntl_setlk 1 it start 0 length 0 fd 3 mode 2 owner 0
1.11 fcntl_setlk 2 it start 0 length 0 fd 3 mode 2 owner 0
1.13 fcntl_setlk 1 it start 0 length 0 fd 4 mode 1 owner 1
1.13 failed 2 it 4 of fcntl_setlk
1.14 fcntl_setlk 1 it start 0 length 0 fd 4 mode 1 owner 1
1.14 failed 2 it 125 of fcntl_setlk
1.15 fcntl_setlk 1 it start 0 length 0 fd 4 mode 1 owner 1
1.15 fcntl_setlk 2 it start 0 length 0 fd 4 mode 1 owner 1
2.1 flock 4 it start 0 length 0 fd 3 mode 2 owner 2
2.1 failed 4 it 11 of flock
2.1 flock 0 it start 0 length 0 fd 3 mode 0 owner 2
3.1 fcntl_setlk 4 it start 100 length 10 fd 3 mode 2 owner 0
4.1 fcntl_setlk 4 it start 100 length 10 fd 3 mode 2 owner 0
5.1 fcntl_setlk 4 it start 1 length 1 fd 3 mode 2 owner 0
5.1 fcntl_setlk 1 it start 0 length 1 fd 3 mode 2 owner 0
5.1 fcntl_setlk 2 it start 0 length 1 fd 3 mode 2 owner 0
END
# each process says the file's name once
count 5 " object_name: .* object = 0x8[0-9A-F]{14}, name = \"$work/locked\" "
