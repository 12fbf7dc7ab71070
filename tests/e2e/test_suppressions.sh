# Suppressions hide what they speak of, and nothing else; they are told when they are of no use.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

"$CT_BIN" cc gcc -g -O0 -pthread -o three "$CT_SOURCE/tests/e2e/three_findings.c"
expect 66 timeout 60 "$CT_BIN" run -o trace ./three
has err '3 errors'

# hides NUMBER FILE TEXT...: with FILE so many findings are hidden, and none that has a TEXT is told
hides() {
	number=$1
	file=$2
	shift 2
	left=$((3 - number))
	expect "$([ $left = 0 ] && echo 0 || echo 66)" "$CT_BIN" report --suppressions "$file" trace
	if [ "$number" = 0 ]; then
		lacks out suppressed:
	else
		has out "suppressed: $number finding"
	fi
	[ "$(grep -c '^error\[' out)" = $left ] || fail "$file leaves $(grep '^error\[' out)"
	for text; do
		! grep '^error\[' out | grep -qF -- "$text" || fail "$file does not hide $text"
	done
}

# supp: a suppression with the lines of standard input
supp() {
	{
		cat
		echo 'reason = it is a test'
	} >supp
}

printf '[data-race]\nstack = add_hit\n' | supp
hides 1 supp hits
printf '[*]\nstack = add_hi? < wor* < *\n' | supp
hides 0 supp # nobody calls `work`
printf '[*]\nstack = add_hi? < wor*\n' | supp
hides 1 supp hits
printf '[lock-order]\nstack = * < withdraw < two\nstack = both < deposit\n' | supp
hides 1 supp '`a`'
printf '[lock-order]\nstack = ... < withdraw\nstack = ... < move_it\n' | supp
hides 0 supp
printf '[lock-order]\nstack = ... < two\n' | supp
hides 2 supp '`a`' '`c`'
printf '[lock-order]\nobject = [cd]\n' | supp
hides 0 supp # brackets are brackets, as in names of elements
printf '[lock-order]\nobject = c*\nobject = d\n' | supp
hides 1 supp '`c`'
printf '[*]\nobject = hit?\n' | supp
hides 1 supp hits
printf '[data-race]\nstack = file:three_*.c < file:e2e/three_findings.c\nstack = lib:three\n' | supp
hides 1 supp hits
printf '[data-race]\nstack = file:other.c\n' | supp
hides 0 supp
# three stacks of a race that has two places
printf '[data-race]\nstack = add_hit\nstack = add_hit\nstack = *\n' | supp
hides 0 supp
printf '[lock-order]\n' | supp
hides 2 supp lock-order
printf '[*]\n' | supp
hides 3 supp
echo "ok: by rule, function, source file, module and object"

# Of several files each counts.
printf '[data-race]\nreason = one\n' >one
printf '; two\n\n[lock-order]\nreason = two\nobject = a\n' >two
expect 66 "$CT_BIN" report --suppressions one --suppressions two trace
has out 'suppressed: 2 findings'
has out '1 error'

# What is of no use is told, and does not change the exit status.
cat >stale <<'EOF'
[*]
reason = all of it

[data-race]
reason = it expired
expires = 2020-01-31
[lock-order]
reason = there is no such function
stack = no_such_function
[data-race]
reason = not yet expired
expires = 2999-12-31
EOF
hides 3 stale
has out 'suppressions: stale:4: [data-race] expired on 2020-01-31 and hides nothing any more'
has out 'suppressions: stale:7: [lock-order] hid nothing'
[ "$(grep -c '^suppressions: ' out)" = 2 ] || fail "$(grep '^suppressions: ' out)"
sed -n '4,$p' stale >expired
sed -i '$d' expired
hides 1 expired hits
for i in $(seq 15); do
	printf '[data-race]\nreason = nothing %d\nstack = nothing_%d\n' "$i" "$i"
done >many
hides 0 many
[ "$(grep -c '^suppressions: ' out)" = 10 ] || fail "$(grep '^suppressions: ' out)"
has out '... 5 more'
echo "ok: expired, unused"

# refused TEXT LINE...: a file of these lines is an error that says TEXT
refused() {
	text=$1
	shift
	printf '%s\n' "$@" >wrong
	for command in "report trace" "run -- touch started" "confirm trace"; do
		# shellcheck disable=SC2086 # words
		expect 2 "$CT_BIN" ${command%% *} --suppressions wrong ${command#* }
		has err "$text"
	done
	[ ! -e started ] || fail "the program was started"
}

refused 'wrong:1: there is no rule "data-rase"; did you mean "data-race"?' '[data-rase]' 'reason = x'
refused 'wrong:2: there is no key "stak"; did you mean "stack"?' '[*]' 'stak = x' 'reason = x'
refused 'wrong:1: this suppression has no reason' '[*]' 'stack = x' '[data-race]' 'reason = x'
refused 'wrong:2: this suppression has no reason' '; empty' '[*]'
refused 'wrong:3: expires takes a day such as 2027-03-01, not "2027-02-30"' '[*]' 'reason = x' 'expires = 2027-02-30'
refused 'wrong:3: expires takes a day' '[*]' 'reason = x' 'expires = tomorrow'
refused 'wrong:2: reason has no value' '[*]' 'reason ='
refused 'wrong:3: a stack is FRAME < FRAME' '[*]' 'reason = x' 'stack = a < < b'
refused 'wrong:2: this is neither' '[*]' 'just words' 'reason = x'
refused 'wrong:1: a suppression begins with its rule' 'reason = x'
refused 'wrong:3: a line that begins with a blank' '[*]' 'reason = x' '  stack = y'
refused 'wrong:3: the line is longer than' '[*]' 'reason = x' "stack = $(printf '%0200d' 0)"
refused 'wrong:3: reason was said before' '[*]' 'reason = x' 'reason = y'
printf '[*]\nreason = a\0b\n' >wrong
expect 2 "$CT_BIN" report --suppressions wrong trace
has err 'wrong:2: the line has a zero byte'
expect 2 "$CT_BIN" report --suppressions missing trace
has err 'cannot read missing: No such file'
expect 2 "$CT_BIN" report --suppressions . trace
has err 'cannot read .: it is a folder'
# What never ends is refused; a pipe is read to its end.
for device in /dev/zero /dev/full; do
	expect 2 timeout 20 "$CT_BIN" report --suppressions $device trace
	has err "cannot read $device: it is a device"
done
mkfifo pipe
{ yes '; a comment' >pipe || :; } 2>/dev/null &
expect 2 timeout 60 "$CT_BIN" report --suppressions pipe trace
has err 'cannot read pipe: it has more than 16 MB'
wait
cat one >pipe &
hides 1 pipe hits
wait
echo "ok: errors"

# A long comment, a byte order mark, and DOS line ends are fine; a value may go on.
printf '\357\273\277; %0500d\r\n[data-race]\r\nreason = a\r\nstack = add_hit\r\n\t< work\r\n' 0 >long
hides 1 long hits

# What is generated hides exactly all of it, in another run as well.
expect 66 "$CT_BIN" report --gen-suppressions=all trace
has out '3 errors'
[ "$(grep -c '^\[' all)" = 3 ] || fail "$(cat all)"
hides 3 all
lacks out 'suppressions:'
expect 0 timeout 60 "$CT_BIN" run --suppressions all -o again ./three
has err 'suppressed: 3 findings'
expect 66 "$CT_BIN" report --suppressions one --gen-suppressions trace
sed -n '/^; /,$p' out >rest
[ "$(grep -c '^\[' rest)" = 2 ] || fail "$(cat out)"
hides 2 rest lock-order
lacks out 'suppressions:'
# Each block alone hides its finding alone.
awk 'BEGIN { RS = ""; ORS = "\n\n" } { print > ("block." NR) }' all
for n in 1 2 3; do
	hides 1 block.$n
done
echo "ok: generated"

# Where it goes: as the report does; of run with -q to standard error; "-" is standard output.
expect 66 timeout 60 "$CT_BIN" run -q --gen-suppressions -o quiet ./three
has err '[data-race]'
lacks err 'error['
expect 66 timeout 60 "$CT_BIN" run --gen-suppressions=- -o quiet --force ./three
has out '[data-race]'
has err 'error[data-race]'
lacks err 'reason ='
expect 2 "$CT_BIN" report --gen-suppressions=no/such/folder trace
has err 'cannot write no/such/folder'

# Several runs: each is told only what is left; one that hid something in any of them is of use.
printf '[lock-order]\nreason = x\nstack = no_such_function\n' >>one
expect 66 timeout 60 "$CT_BIN" run --perturb 1 --runs 3 --suppressions one \
	--gen-suppressions=fresh -o several ./three
[ "$(grep -c 'one:3: ' err)" = 1 ] || fail "$(cat err)"
lacks err 'one:1: '
[ "$(grep -c '^error\[' err)" = 2 ] || fail "$(cat err)"
[ "$(grep -c '^\[' fresh)" = 2 ] || fail "$(cat fresh)"
expect 0 timeout 60 "$CT_BIN" run --perturb 1 --runs 2 --suppressions one --suppressions fresh \
	-o hidden ./three
has err 'seeds 1 to 2: 0 findings'
echo "ok: several runs"
