# nginx with two worker processes and a pool of threads for its files; clients at once; a reload.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
needs nginx

session() {
	local server status=0
	mkdir "$run/files" "$run/logs"
	seq 20000 >"$run/files/numbers"
	echo hello >"$run/files/hello"
	cat >"$run/conf" <<CONF
daemon off;
master_process on;
worker_processes 2;
pid $run/pid;
error_log $run/logs/error warn;
events { worker_connections 64; }
http {
	access_log $run/logs/access;
	client_body_temp_path $run/body; proxy_temp_path $run/proxy; fastcgi_temp_path $run/f;
	uwsgi_temp_path $run/u; scgi_temp_path $run/s;
	upstream self { server unix:$run/inner; }
	server { listen unix:$run/socket; aio threads; sendfile on; root $run/files;
		location /proxy/ { proxy_pass http://self/; } }
	server { listen unix:$run/inner; root $run/files; }
}
CONF
	chmod -R a+rwX "$run"
	$under nginx -c "$run/conf" -e "$run/logs/error" >"$run/log" 2>&1 &
	server=$!
	ready $server test -S "$run/inner" -a -s "$run/pid"
	for round in 1 2; do
		"$CT_PYTHON" - "$run/socket" <<'PYTHON'
import hashlib, socket, sys, threading

results = []

def ask(path):
    s = socket.socket(socket.AF_UNIX)
    s.connect(sys.argv[1])
    s.sendall(b"GET %s HTTP/1.0\r\n\r\n" % path)
    answer = b""
    while (part := s.recv(65536)): answer += part
    head, _, body = answer.partition(b"\r\n\r\n")
    results.append((path, head.split(b"\r\n")[0], hashlib.md5(body).hexdigest()))

def client(number):
    for i in range(25):
        ask([b"/hello", b"/numbers", b"/proxy/numbers", b"/missing"][(i + number) % 4])

threads = [threading.Thread(target=client, args=(n,)) for n in range(6)]
for t in threads: t.start()
for t in threads: t.join()
print(len(results), sorted(set(results)))
PYTHON
		if [ $round = 1 ]; then kill -HUP $server; fi
	done
	kill -QUIT $server
	wait $server || status=$?
	echo "server $status; logged $(wc -l <"$run/logs/access")"
}

compare nginx session
