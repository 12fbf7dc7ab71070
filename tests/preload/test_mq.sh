# POSIX message queues: a program that tries every way in which the calls come out behaves as without
# the recorder, and each call is in the trace as it came out.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/ipc.sh"

# the name differs from run to run, and is not printed
recorded 10 "$CT_PROGRAMS/mq_all" "ct-${work##*.}"
sed -i -E '/fd_(open|close): .* object = 0x[0-9A-F]{1,14},/d' "$work/text" # pipes
in_order 'mq[a-z_]*|failed|fd_[a-z]*' <<'END'
1.1 fd_open 0 it 0x300000003
1.1 fd_open 0 it 0x200000004
1.1 mq_receive 1 it 0x10
1.1 failed 2 it 9 of mq_receive
1.1 mq_send 1 it 0x1
1.1 mq_send 2 it 0x1
1.1 mq_send 1 it 0x1
1.1 mq_send 2 it 0x1
1.1 mq_send 1 it 0x1
1.1 failed 2 it 11 of mq_send
1.1 fd_close 0 it 0x200000004
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x1
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x1
1.1 mq_receive 9 it 0x10
1.1 failed 10 it 110 of mq_receive
1.1 mq_receive 9 it 0x10
1.1 failed 10 it 22 of mq_receive
1.1 mq_receive 9 it 0x10
1.1 failed 10 it 22 of mq_receive
1.1 mq_receive 9 it 0x10
1.1 failed 10 it 110 of mq_receive
1.1 mq_receive 9 it 0x10
1.1 failed 10 it 14 of mq_receive
1.1 mq_send 1 it 0x4
1.1 mq_send 2 it 0x4
1.1 mq_send 1 it 0x4
1.1 mq_send 2 it 0x4
1.1 mq_send 1 it 0x4
1.1 mq_send 2 it 0x4
1.1 mq_send 9 it 0x5
1.1 failed 10 it 22 of mq_send
1.1 mq_send 9 it 0x5
1.1 mq_send 10 it 0x5
1.1 mq_send 9 it 0x5
1.1 failed 10 it 22 of mq_send
1.1 mq_send 9 it 0x5
1.1 failed 10 it 22 of mq_send
1.1 mq_send 9 it 0x5
1.1 failed 10 it 110 of mq_send
1.1 mq_send 9 it 0x5
1.1 failed 10 it 14 of mq_send
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x4
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x5
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x5
1.1 mq_send 1 it 0x1
1.1 failed 2 it 14 of mq_send
1.1 mq_send 1 it 0x1
1.1 failed 2 it 14 of mq_send
1.1 mq_send 1 it 0x11
1.1 failed 2 it 90 of mq_send
1.1 mq_send 1 it 0x1
1.1 failed 2 it 22 of mq_send
1.1 mq_receive 1 it 0xF
1.1 failed 2 it 90 of mq_receive
1.1 mq_send 1 it 0x0
1.1 mq_send 2 it 0x0
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x0
1.1 mq_send 1 it 0x4
1.1 mq_send 2 it 0x4
1.1 mq_receive 1 it 0x10
1.1 failed 2 it 14 of mq_receive
1.1 mq_notify 0 it 0x0
1.1 failed 0 it 22 of mq_notify
1.1 mq_notify 0 it 0x1
1.1 failed 0 it 16 of mq_notify
1.1 mq_notify 0 it 0x0
1.1 mq_notify 0 it 0x1
1.1 mq_send 1 it 0x4
1.1 mq_send 2 it 0x4
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x4
1.1 mq_notify 0 it 0x1
1.1 mq_send 1 it 0x4
1.1 mq_send 2 it 0x4
1.1 mq_receive 1 it 0x10
1.1 mq_receive 2 it 0x4
1.1 fd_close 0 it 0x300000003
1.2 mq_receive 1 it 0x10
1.2 failed 2 it 4 of mq_receive
1.3 mq_receive 1 it 0x10
1.3 failed 2 it 125 of mq_receive
1.4 mq_receive 9 it 0x10
1.4 failed 10 it 4 of mq_receive
1.5 mq_receive 9 it 0x10
1.5 failed 10 it 125 of mq_receive
1.6 mq_receive 1 it 0x10
1.6 mq_receive 2 it 0x4
1.7 mq_send 1 it 0x4
1.7 failed 2 it 4 of mq_send
1.8 mq_send 1 it 0x4
1.8 failed 2 it 125 of mq_send
1.9 mq_send 9 it 0x5
1.9 failed 10 it 4 of mq_send
1.10 mq_send 9 it 0x5
1.10 failed 10 it 125 of mq_send
1.11 mq_send 9 it 0x5
1.11 mq_send 10 it 0x5
1.12 mq_receive 1 it 0x10
1.12 failed 2 it 125 of mq_receive
1.13 mq_receive 9 it 0x10
1.13 failed 10 it 125 of mq_receive
1.14 mq_send 1 it 0x4
1.14 failed 2 it 125 of mq_send
1.15 mq_send 9 it 0x5
1.15 failed 10 it 125 of mq_send
2.1 mq_receive 1 it 0x10
2.1 mq_receive 2 it 0x4
END
count 2 ' object_name: .* object = 0x7[0-9A-F]{14}, name = "/ct-[^"]*" '
