# Help, wrong usage and typing slips: one clear sentence, status 2. Help against manual: test_manual.sh.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 0 "$CT_BIN" --help
sed -n 's/^COMMAND(\(.*\))$/\1/p' "$CT_SOURCE/analyzer/cli/commands.def" >commands
[ -s commands ] || fail "commands.def has no rows"
while read -r command; do
	grep -q "^  $command " out || fail "--help does not list $command"
	expect 0 "$CT_BIN" help "$command"
	has out "Usage: conctrace"
	cp out help
	[ "$command" = help ] && continue
	expect 0 "$CT_BIN" "$command" --help
	cmp -s out help || fail "$command --help and help $command differ"
	expect 0 "$CT_BIN" "$command" --usage
	expect 0 "$CT_BIN" "$command" --version
	expect 0 "$CT_BIN" "$command" -h
	[ "$command" = doctor ] || expect 2 "$CT_BIN" "$command"
	expect 2 "$CT_BIN" "$command" --no-such-option
	expect 0 "$CT_BIN" --help
done <commands
expect 0 "$CT_BIN" --version
grep -qE '^conctrace [0-9]+\.[0-9]+\.[0-9]+$' out || fail "--version says $(cat out)"

expect 2 "$CT_BIN"
has err 'a command is missing'
expect 2 "$CT_BIN" reprot
has err 'did you mean "report"?'
expect 2 "$CT_BIN" xyzzy
has err 'there is no command "xyzzy"'
lacks err 'did you mean'

while read -r option value; do
	expect 2 "$CT_BIN" run "--$option=$value" -- touch ran
	has err "--$option takes"
	[ ! -e ran ] || fail "the program ran in spite of --$option=$value"
done <<'OPTIONS'
timeout 0
timeout -1
timeout 5x
timeout nan
error-exitcode 256
error-exitcode -1
stack-depth 33
max-trace 5Q
max-trace 99999999999T
color blue
fail-on certain
on-hang laugh
OPTIONS

expect 2 "$CT_BIN" graph lock-ordr trace
has err 'there is no graph "lock-ordr"'
expect 2 "$CT_BIN" graph lock-order
expect 2 "$CT_BIN" report a b
expect 2 "$CT_BIN" report nothing-here
has err 'nothing-here: No such file or directory'
expect 2 "$CT_BIN" dump nothing-here
expect 2 "$CT_BIN" repair nothing-here
expect 2 "$CT_BIN" graph wait-for nothing-here
