# With a report as baseline only what is new is told, in whichever run, build or folder; what is
# known does not count.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

# build NAME SOURCE [OPTION...]
build() {
	name=$1
	source=$2
	shift 2
	"$CT_BIN" cc gcc -g -O0 -pthread "$@" -o "$name" "$source"
}

# known NUMBER NEW PROGRAM: of PROGRAM's findings so many are in the baseline, and so many are not
known() {
	rm -rf again
	expect "$([ "$2" = 0 ] && echo 0 || echo 66)" \
		timeout 60 "$CT_BIN" run --fail-on=potential --baseline baseline.json -o again "$3"
	[ "$1" = 0 ] || has err "known from the baseline: $1 finding"
	[ "$(grep -c '^error\[' err)" = "$2" ] || fail "$3: not $2 new ones: $(cat err)"
}

cp "$CT_SOURCE/tests/e2e/three_findings.c" three.c
build three three.c
expect 66 timeout 60 "$CT_BIN" run --json baseline.json -o trace ./three
has err '3 errors'
known 3 0 ./three
has err 'no other deadlock'
for _ in 1 2 3 4; do
	known 3 0 ./three # its memory lies elsewhere each time
done

# The code moves: lines before it, another folder, other options of the compiler.
mkdir -p other/place fourth second
{
	printf '/* a comment */\n\n%.0s' $(seq 40)
	cat three.c
} >other/place/three.c
build moved "$PWD/other/place/three.c"
known 3 0 ./moved
(cd other/place && "$CT_BIN" cc gcc -g -O2 -pthread -o three three.c)
known 3 0 other/place/three
echo "ok: what is known stays known"

# Something new beside it is told, and only that: another variable in the same function; a second
# cycle of the same two locks.
sed 's/^long hits;/long hits, misses;/; s/hits++;/hits++, misses++;/' three.c >fourth/three.c
build fourth.out fourth/three.c
known 3 1 ./fourth.out
has err 'error[data-race]: data race on `misses`'
sed 's/^static void move_it/static void move_on(void)\n{\n\tboth(\&d, \&a);\n}\n&/; s/^	move_it();/&\n\tmove_on();/
	s/^	rename_it();/&\n\tboth(\&a, \&d);/' three.c >second/three.c
build second.out second/three.c
rm -rf again
expect 66 timeout 60 "$CT_BIN" run --fail-on=potential --baseline baseline.json -o again ./second.out
has err 'known from the baseline: 3 findings'
grep '^error\[' err >told
! grep -vF -e '`a` then `d`' -e '`d` then `a`' told || fail "$(cat told)"
echo "ok: what is new"

# Another one of the same place is new.
sed 's/"id": "\([0-9a-f]*\):1"/"id": "\1:2"/' baseline.json >occurrence.json
expect 66 "$CT_BIN" report --baseline occurrence.json trace
has out '3 errors'
# A better evidence is new, a lesser one is not.
sed 's/"evidence": "predicted"/"evidence": "potential"/' baseline.json >lesser.json
expect 66 "$CT_BIN" report --baseline lesser.json trace
has out '3 errors'
sed 's/"evidence": "predicted"/"evidence": "observed"/' baseline.json >better.json
expect 0 "$CT_BIN" report --baseline better.json trace
echo "ok: occurrence, evidence"

# A baseline is made anew while an old one is in use: what it knows stays known. What a suppression
# hides does not become known by it.
expect 0 "$CT_BIN" report --baseline baseline.json --json anew.json trace
expect 0 "$CT_BIN" report --baseline anew.json trace
has out 'known from the baseline: 3 findings'
printf '[data-race]\nreason = x\n' >supp
expect 66 "$CT_BIN" report --suppressions supp --json less.json trace
expect 0 "$CT_BIN" report --suppressions supp --baseline less.json trace
has out 'suppressed: 1 finding'
has out 'known from the baseline: 2 findings'
expect 66 "$CT_BIN" report --baseline less.json trace
has out 'error[data-race]'

# Several runs in one baseline: what any of them has is known.
expect 66 timeout 60 "$CT_BIN" run --perturb 1 --runs 3 --json several.json -o perturbed ./three
expect 0 timeout 60 "$CT_BIN" run --perturb 4 --runs 2 --baseline several.json -o perturbed2 ./three
has err ' 0 findings'
expect 0 "$CT_BIN" report --baseline several.json trace
{
	printf '\357\273\277'
	cat baseline.json
} >marked.json
expect 0 "$CT_BIN" report --baseline marked.json trace
echo "ok: baselines of baselines, of several runs, with a byte order mark"

# refused FILE TEXT: that file is no baseline
refused() {
	for command in "report trace" "run -- touch started"; do
		# shellcheck disable=SC2086 # words
		expect 2 "$CT_BIN" ${command%% *} --baseline "$1" ${command#* }
		has err "$2"
	done
	[ ! -e started ] || fail "the program was started"
}

refused missing 'cannot read missing: No such file'
: >empty
refused empty 'a baseline is made by conctrace report --json FILE TRACE'
head -c 2000 baseline.json >cut
refused cut 'a baseline is made by conctrace report --json FILE TRACE'
echo '{"runs": []}' >stranger
refused stranger 'stranger is no report of conctrace'
sed 's/"version": 1,/"version": 2,/' baseline.json >newer
refused newer 'is a report of version 2, and only version 1 can be compared: make it again'
sed 's/"id": "[0-9a-f]*:1"/"id": "x"/' baseline.json >damaged
refused damaged 'damaged is damaged: make it again with conctrace report --json'
refused . 'cannot read .: it is a folder'
refused /dev/zero 'cannot read /dev/zero: it is a device'
echo "ok: errors"
