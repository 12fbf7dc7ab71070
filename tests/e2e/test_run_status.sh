# `run` is transparent: status, arguments, standard input and output are the program's own.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 0 "$CT_BIN" run true
expect 1 "$CT_BIN" run false
expect 7 "$CT_BIN" run -- sh -c 'exit 7'
expect 139 "$CT_BIN" run sh -c 'kill -SEGV $$'
has err SEGV
expect 0 "$CT_BIN" run -o args -- echo -o --timeout 5 --
[ "$(cat out)" = '-o --timeout 5 --' ] || fail "arguments arrive as: $(cat out)"
[ -d args ] || fail "-o makes no folder"
[ "$(stat -c %a args)" = 700 ] || fail "others may enter the trace"
[ "$(echo hello | "$CT_BIN" run -q -o stdin cat 2>err)" = hello ] || fail "standard input is lost"
lacks err report
[ ! -s err ] || fail "-q prints: $(cat err)"

# the default name
expect 0 "$CT_BIN" run sh -c 'echo $$'
[ -d "conctrace.sh.$(cat out)" ] || fail "no folder conctrace.sh.PID: $(ls)"
has err "conctrace.sh.$(cat out)"

# a program that cannot be started
rm -rf conctrace.*
expect 127 "$CT_BIN" run no-such-program-here
has err 'conctrace: no-such-program-here: No such file or directory'
expect 127 "$CT_BIN" run ./no/such
expect 126 "$CT_BIN" run /etc/passwd
has err 'conctrace: /etc/passwd: Permission denied'
expect 126 "$CT_BIN" run .
expect 2 "$CT_BIN" run ''
[ -z "$(ls -d conctrace.* 2>/dev/null)" ] || fail "empty traces are left: $(ls)"

# the trace folder
expect 2 "$CT_BIN" run -o args touch ran
has err 'args exists; --force'
expect 2 "$CT_BIN" run -o no/such/folder touch ran
has err 'no/such/folder'
expect 2 "$CT_BIN" run -o a:b touch ran
touch args/diary
expect 2 "$CT_BIN" run --force -o args touch ran
has err 'more than a trace'
if [ ! -e args/diary ] || [ ! -e args/metadata ]; then
	fail "--force removed something all the same"
fi
rm args/diary
expect 0 "$CT_BIN" run --force -o args true
mkdir empty
expect 2 "$CT_BIN" run -o empty touch ran
expect 0 "$CT_BIN" run --force -o empty true
touch file
expect 2 "$CT_BIN" run --force -o file touch ran
expect 2 "$CT_BIN" run --sarif no/such/file touch ran
has err 'cannot write no/such/file'
[ ! -e ran ] || fail "the program ran though its results had no place"
[ ! -d a:b ] || fail "a refused folder is left"

# what the program is given: signals as they were (but for traps, which take SIGTRAP; the program still has its own
# view of that), and a preloaded library stays
expect 0 "$CT_BIN" run -q --races=off sh -c 'grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status'
cp out got
sh -c 'grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status' >native
cmp -s got native || fail "signals of the program: $(cat got), natively $(cat native)"
LD_PRELOAD=libm.so.6 expect 0 "$CT_BIN" run -q sh -c 'echo "$LD_PRELOAD"'
has out 'libconctrace.so:libm.so.6'
expect 0 bash -c "trap '' CHLD; exec '$CT_BIN' run -q -- true"
expect 3 bash -c "trap '' PIPE; exec '$CT_BIN' run -- sh -c 'exit 3'"

# nobody reads the report
{
	status=0
	"$CT_BIN" run sh -c 'exit 9' 2>&1 || status=$?
	echo "$status" >status
} | true
[ "$(cat status)" = 9 ] || fail "status $(cat status) when standard error is closed"
