# postgres: shared memory, semaphores in it, a process per connection; pgbench with threads.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
[ -n "$bin" ] || { echo "postgres is not here"; exit 77; }
PATH=$PATH:$bin
needs initdb postgres pgbench psql

# It refuses to be root.
as=""
[ "$(id -u)" != 0 ] || as="setpriv --reuid=postgres --regid=postgres --clear-groups"

session() {
	local server status=0 sql
	cd "$run"
	$as initdb -D "$run/data" -A trust -N --no-instructions >"$run/init" 2>&1 || { cat "$run/init"; return 1; }
	$as $under postgres -D "$run/data" -k "$run" -c listen_addresses= -c fsync=off -c max_connections=20 \
		-c shared_buffers=4MB -c logging_collector=off >"$run/log" 2>&1 &
	server=$!
	sql="$as psql -h $run -d postgres -XAtq"
	ready $server $sql -c 'select 1'
	$as $under pgbench -h "$run" -i -s 1 -q postgres 2>&1 | grep -c done
	$as $under pgbench -h "$run" -c 4 -j 2 -t 50 -n postgres 2>/dev/null |
		grep -E '^number of (transactions|failed)'
	$sql -c 'select count(*), sum(delta) = (select sum(abalance) from pgbench_accounts) from pgbench_history'
	$sql -c 'create table t as select i, i * i % 97 as j from generate_series(1, 20000) i' \
		-c 'set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set min_parallel_table_scan_size = 0' \
		-c 'select count(*), sum(j) from t where j > 3' -c "notify x, 'y'" -c 'vacuum analyze t'
	kill -INT $server
	wait $server || status=$?
	echo "server $status"
}

compare postgres session
