# pbzip2: a producer, compressing threads and a writer, with condition variables between them.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
needs pbzip2

session() {
	seq 300000 >"$run/numbers"
	$under pbzip2 -q -k -b1 -p4 "$run/numbers"
	$under pbzip2 -q -d -c -p3 "$run/numbers.bz2" | md5sum
	md5sum <"$run/numbers"
}

compare pbzip2 session
