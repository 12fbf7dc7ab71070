# Pipes, FIFOs and socket pairs: what the programs count themselves is what the trace has, and they
# do the same with the recorder as without.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
. "$CT_SOURCE/tests/preload/said.sh"

# events TRACE: "NAME FLAGS INODE ARG FAILED-CALL" per event of a thread
events() {
	babeltrace2 "$1" >"$work/text" || fail "babeltrace2 says $?"
	sed -nE 's/^[^)]*\) ([a-z_]+): \{.*\}, \{ flags = ([0-9]+), .*\}, \{ object = 0x([0-9A-F]+), (arg = 0x([0-9A-F]+)|error = ([0-9]+), call = ([0-9]+)) \}$/\1 \2 \3 0x0\5 \7/p' \
		"$work/text"
}

# counts FILE INODE: what the events say of it, in the order in which the programs print it
counts() {
	local hex name wrote
	hex=$(printf %X "$2")
	grep -E "^[a-z_]+ [0-9]*[02468] $hex " "$1" >"$work/of" || true # without requests
	printf 'pipe %s' "$2"
	for name in write read; do
		wrote=$(sed -n "s/^$name .* \(0x[0-9A-F]*\) $/\1/p" "$work/of" | paste -sd+)
		printf ' %s' $((wrote))
	done
	for name in fd_open fd_dup fd_close failed; do
		printf ' %s' "$(grep -c "^$name " "$work/of")"
	done
}

# plain FILE: what does not change from run to run
plain() {
	sed -E 's/^(pipe|pair) [0-9 ]*/\1/' "$1"
}

# counted TIMES PROGRAM ARGS...
counted() {
	local times=$1 name=$2 run inode line status=0 expected=0
	shift
	set -- "$CT_PROGRAMS/$@"
	"$@" >"$work/expected" </dev/null || expected=$?
	for run in $(seq "$times"); do
		status=0
		traced "$work/trace" timeout 60 "$@" >"$work/said" 2>"$work/err" </dev/null ||
			status=$?
		[ "$status" = "$expected" ] ||
			fail "$name, run $run: status $status: $(tail -3 "$work/err")"
		[ "$(plain "$work/said")" = "$(plain "$work/expected")" ] ||
			fail "$name, run $run: another output: $(cat "$work/said")"
		events "$work"/trace/conctrace.* >"$work/events"
		while read -r line; do
			inode=${line#pipe }
			[ "$line" = "$(counts "$work/events" "${inode%% *}")" ] ||
				fail "$name, run $run: it says $line, the trace" \
					"$(counts "$work/events" "${inode%% *}")"
		done <<<"$(grep '^pipe' "$work/said")"
		rm -rf "$work/trace"
	done
	echo "ok: $times times $name: $(grep -c '^pipe' "$work/said") pipes"
}

counted 20 fd_pipe
counted 20 fd_stdio
counted 20 fd_stdio_names
counted 20 fd_ends "$work/fifo"
counted 20 fd_daemon
mkdir "$work/files"
same 20 "$CT_PROGRAMS/fd_closefrom" "$work/files"
same 20 "$CT_PROGRAMS/fd_interrupted"

# A pipeline of programs that know nothing of each other: what one writes the next one reads.
pipeline='seq 20000 | grep 7 | sort -n | tail -3 | cat'
same 20 bash -c "$pipeline"
traced "$work/trace" bash -c "$pipeline" >"$work/said"
events "$work"/trace/conctrace.* >"$work/events"
sed -n 's/^fd_open [0-9]* \([0-9A-F]*\) .*/\1/p' "$work/events" | sort -u >"$work/inodes"
pipes=0
while read -r inode; do
	set -- $(counts "$work/events" $((16#$inode)))
	[ "$3" = "$4" ] || fail "pipeline: $3 bytes written, $4 read"
	[ "$3" = 0 ] || pipes=$((pipes + 1))
done <"$work/inodes"
[ $pipes = 4 ] || fail "pipeline: $pipes pipes instead of 4"
echo "ok: a pipeline's bytes"
rm -rf "$work/trace"

same 20 "$CT_PYTHON" -c '
import subprocess as s
p = s.Popen(["sort", "-rn"], stdin=s.PIPE, stdout=s.PIPE, text=True)
print(p.communicate("".join(f"{n}\n" for n in range(5000)))[0][:40])
print(s.run("echo out; echo err >&2; exit 3", shell=True, capture_output=True))
q = s.Popen(["tr", "a-z", "A-Z"], stdin=s.PIPE, stdout=s.PIPE)
r = s.Popen(["rev"], stdin=q.stdout, stdout=s.PIPE)
q.stdin.write(b"hello\n"); q.stdin.close(); q.stdout.close()
print(r.stdout.read(), r.wait(), q.wait())'

# A call that waits is in the live page: 124 is read, 125 write, 64 stdio
for call in read readv interrupted; do blocked fd_blocked $call 124 0; done
for call in getc fgets getline fread scanf; do blocked fd_blocked $call 124 64; done
blocked fd_blocked write 125 0
for call in fwrite dprintf fprintf fputs fflush fflush_all fclose exit; do blocked fd_blocked $call 125 64; done
echo "ok: the live page of 17 calls that wait"
