# Row 16: ls -1 | grep | wc -l, as a shell connects them. What went through the pipes is known of each
# program; a write end that stays open by mistake is named.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

mkdir files
touch files/a.c files/b.c files/c.h files/d.o

run_silent "$CT_DEMOS/shell_pipe" files
[ "$(cat out)" = 3 ] || fail "printed $(cat out), not 3"
has err '4 processes'
expect 0 "$CT_BIN" timing --json timing.json trace
"$CT_PYTHON" - timing.json <<'P'
import json
import sys

processes = {p["name"]: p for p in json.load(open(sys.argv[1]))["processes"]}
ls, grep, wc = (next(p for name, p in processes.items() if name.startswith(program))
                for program in ("ls", "grep", "wc"))
assert (ls["bytes_read"], ls["bytes_written"]) == (0, 16), ls
assert (grep["bytes_read"], grep["bytes_written"]) == (16, 12), grep
assert wc["bytes_read"] == 12, wc
P
expect 0 "$CT_BIN" timing --lanes lanes.svg trace
for program in shell_pipe ls grep wc; do
	has lanes.svg "$program"
done
has lanes.svg 'class="arrow"'

run_named pipe-deadlock "$CT_DEMOS/shell_pipe" --wrong files
has err 'main of wc'
has err 'the write end is open in its own process only'
has err 'has the write end open as descriptor'
has err 'inherited by fork; it was opened'
has err '| if (pipe(found) < 0)'
expect 0 "$CT_BIN" graph wait-for trace
has out 'waits to read from'
has out 'could be written by'
