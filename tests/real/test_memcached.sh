# memcached with four threads and eight clients at once.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
needs memcached

session() {
	local server status=0 user=""
	[ "$(id -u)" != 0 ] || user="-u root"
	$under memcached $user -t 4 -s "$run/socket" >"$run/log" 2>&1 &
	server=$!
	ready $server test -S "$run/socket"
	"$CT_PYTHON" - "$run/socket" <<'PYTHON'
import socket, sys, threading

sums = {}

def client(number):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    f = s.makefile("rwb")
    def ask(*lines):
        f.write(b"".join(lines)); f.flush()
        return f.readline()
    total = 0
    for i in range(200):
        value = b"%d" % (i * number)
        assert ask(b"set k%d.%d 0 0 %d\r\n" % (number, i, len(value)), value, b"\r\n") == b"STORED\r\n"
        ask(b"incr all 1\r\n")
    for i in range(200):
        assert ask(b"get k%d.%d\r\n" % (number, i)).startswith(b"VALUE")
        total += int(f.readline())
        assert f.readline() == b"END\r\n"
    sums[number] = total

s = socket.socket(socket.AF_UNIX)
s.connect(sys.argv[1])
s.sendall(b"set all 0 0 1\r\n0\r\n")
assert s.recv(100) == b"STORED\r\n"
threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
for t in threads: t.start()
for t in threads: t.join()
s.sendall(b"get all\r\n")
print(sorted(sums.items()), s.recv(100))
PYTHON
	kill -TERM $server
	wait $server || status=$?
	echo "server $status"
}

compare memcached session
