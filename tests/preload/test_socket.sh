# Sockets, and what moves data between descriptors: what the programs say is what the trace has, and
# they do the same with the recorder as without.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/said.sh"

mkdir "$work/f"
proved 10 socket_stream "$work/f"
proved 10 socket_message
proved 10 socket_splice "$work/file"

same 2 "$CT_PYTHON" -c '
import signal, socket
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
a, b = socket.socketpair()
b.close()
a.send(b"nobody reads this")'

for call in recv recvfrom recvmsg recvmmsg send sendto sendmsg sendmmsg accept accept4 connect splice; do
	proved 2 socket_waits $call
done
for call in recv recvfrom recvmsg recvmmsg; do blocked socket_waits $call for-ever 190 0; done
for call in send sendto sendmsg sendmmsg; do blocked socket_waits $call for-ever 189 0; done
for call in accept accept4; do blocked socket_waits $call for-ever 188 0; done
blocked socket_waits connect for-ever 187 0
blocked socket_waits splice for-ever 124 0
echo "ok: the live page of 12 calls that wait"

# ends TIMES KIND HOW: the trace tells which sockets of two processes are the ends of one connection,
# by addresses or by socketpair
ends() {
	local times=$1 kind=$2 how=$3 run
	for run in $(seq "$times"); do
		recorded "$CT_PROGRAMS/socket_ends" "$kind" "$work/f/$kind"
		"$CT_PYTHON" - "$work/text" "$work/events" "$how" $(cut -d' ' -f2- "$work/said") <<-'EOF' ||
			import re, sys
			text, events = (open(path, errors="replace").read() for path in sys.argv[1:3])
			how, server, client = sys.argv[3], *map(int, sys.argv[4:])
			sockets = {int(i): (l, p) for i, l, p in re.findall(
			    r'\) socket: .*inode = (\d+), local = "(.*)", peer = "(.*)" \}', text)}
			pairs = {tuple(map(int, e.split()[2:])) for e in events.splitlines()
			         if e.split()[1] == "socketpair"}
			moved = {(e.split()[1], int(e.split()[2]), int(e.split()[3]))
			         for e in events.splitlines() if int(e.split()[0]) % 2 == 0
			         and e.split()[1] in ("send", "recv", "read", "write")}
			opened = re.findall(r"fd_open: .*object = 0x%X," % server, text)
			s, c = sockets.get(server, ("", "")), sockets.get(client, ("", ""))
			ok = {"addresses": s == c[::-1] and all(s),
			      "name": s[0] == c[1] != "",
			      "pair": (server, client) in pairs}[how]
			ok = ok and ("send", client, 8) in moved and ("recv", server, 8) in moved and opened
			sys.exit(0 if ok else f"{server} {s}, {client} {c}, {pairs}, {moved}")
		EOF
			fail "ends of $kind, run $run"
	done
	echo "ok: $times times the ends of $kind"
}

for kind in tcp tcp6 mixed exec; do ends 5 $kind addresses; done
for kind in path abstract pair; do ends 5 $kind pair; done
for kind in path abstract datagrams; do ends 2 $kind name; done
# what the second image inherited is said at its begin
recorded "$CT_PROGRAMS/socket_ends" exec "$work/f/exec"
inode=$(cut -d' ' -f3 "$work/said")
grep -q ") fd: .* access = 3, inode = $inode " "$work/text" || fail "an inherited socket is not found"
echo "ok: an inherited socket"

# a limit, also one that an image has inherited, is said by each request; one way is not the other
cat >"$work/limit.py" <<'END'
import os, socket, struct, sys
limit = struct.pack("ll", 0, 1000)
a, b = socket.socketpair()
def hear(one):
    try:
        one.recv(1)
    except BlockingIOError:
        pass
a.send(b"x")
a.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)
a.send(b"y")
hear(a)
os.dup2(a.fileno(), 20)
b.set_inheritable(True)
os.execv(sys.executable, [sys.executable, "-c", """
import socket
try:
    socket.socket(fileno=20).recv(1)
except BlockingIOError:
    pass"""])
END
recorded "$CT_PYTHON" "$work/limit.py"
# 1: request, 8: timed; errno 11: EAGAIN
awk '$2 == "send" || $2 == "recv" { print $1, $2 } $2 == "failed" && $3 == "recv" { print $1, $3, $4 }' \
	"$work/events" | tr '\n' ';' >"$work/has"
[ "$(cat "$work/has")" = "1 send;2 send;1 send;2 send;9 recv;10 recv 11;9 recv;10 recv 11;" ] ||
	fail "time limits: $(cat "$work/has")"
echo "ok: time limits of sockets"

# what goes with a message is said, with the socket that it goes through
recorded "$CT_PYTHON" -c '
import os, socket
a, b = socket.socketpair()
r, w = os.pipe()
plain = os.open("/dev/null", os.O_RDONLY)
socket.send_fds(a, [b"x"], [w, plain, r])
print("0 fd_send", os.fstat(w).st_ino, os.fstat(a.fileno()).st_ino)
print("0 fd_send", os.fstat(r).st_ino, os.fstat(a.fileno()).st_ino)'
grep fd_send "$work/events" >"$work/has" || true
cmp -s "$work/said" "$work/has" || fail "sent descriptors: $(diff "$work/said" "$work/has")"
echo "ok: descriptors that are sent"
