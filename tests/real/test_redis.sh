# redis-server with threads for input and output, a fork for its snapshot, and redis-benchmark.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
needs redis-server redis-cli redis-benchmark

session() {
	local server status=0
	$under redis-server --port 0 --unixsocket "$run/socket" --dir "$run" --io-threads 2 \
		--io-threads-do-reads yes --appendonly yes --save '' --loglevel warning >"$run/log" 2>&1 &
	server=$!
	cli="redis-cli -s $run/socket"
	ready $server $cli ping
	# its own work, counted by the server
	$under redis-benchmark -s "$run/socket" -n 3000 -c 20 -t set,get,incr,lpush,lpop -q >"$run/benchmark"
	$cli get counter:__rand_int__
	$cli llen mylist
	$cli eval "for i = 1, 100 do redis.call('rpush', 'l', i * i % 37) end return redis.call('sort', 'l')" 0 |
		md5sum
	$cli bgsave >/dev/null
	ready $server sh -c "$cli info persistence | grep -q rdb_bgsave_in_progress:0"
	$cli info persistence | grep -a last_bgsave_status
	$cli bgrewriteaof >/dev/null
	ready $server sh -c "$cli info persistence | grep -q aof_rewrite_in_progress:0"
	$cli debug reload
	$cli dbsize
	$cli shutdown nosave
	wait $server || status=$?
	echo "server $status"
}

compare redis-server session
