# No output takes the place of what is read, or of another output, whatever name it is given.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

cp "$CT_SOURCE/tests/golden/abba.std" in.std
cp in.std kept
mkdir folder
ln -s ../in.std folder/link
ln in.std hard

# refused FILE TEXT ARGUMENT...: status 2 and TEXT, and FILE is as it was
refused() {
	file=$1
	text=$2
	shift 2
	cp "$file" before
	expect 2 timeout 20 "$CT_BIN" "$@"
	has err "$text"
	cmp -s before "$file" || fail "$*: $file was written"
}

for option in lines html json sarif junit gitlab github gradescope check50 svg dot gen-suppressions; do
	for name in in.std ./in.std "$PWD/in.std" folder/../in.std folder/link hard; do
		refused in.std "cannot write $name: it is read as well" report "--$option=$name" in.std
	done
	refused in.std 'it is read as well' report "--$option=in.std" folder/link
done
refused in.std 'it is read as well' graph lock-order --svg=hard in.std
refused in.std 'it is read as well' export --perfetto -o hard in.std
refused in.std 'it is read as well' timing --json=hard in.std
refused in.std 'it is read as well' confirm --json=hard in.std
GITHUB_STEP_SUMMARY=$PWD/hard refused in.std 'it is read as well' report --github=lines in.std
[ ! -e lines ] || fail "a part was written"
echo "ok: the trace"

printf '[*]\nreason = x\nobject = nothing\n' >supp
expect 66 "$CT_BIN" report --json=base.json in.std
refused supp 'it is read as well' report --suppressions=supp --gen-suppressions=./supp in.std
refused supp 'it is read as well' run --suppressions=supp --json=./supp touch started
refused base.json 'it is read as well' report --baseline=base.json --json=./base.json in.std
refused base.json 'it is read as well' run --baseline=base.json --html=./base.json touch started
[ ! -e started ] || fail "the program was started"
echo "ok: other inputs"

# Each file of a recorded trace; also where it is to be replaced.
expect 0 timeout 60 "$CT_BIN" run -o trace true
find trace -type f >files
[ "$(wc -l <files)" -ge 2 ] || fail "$(cat files)"
while read -r file; do
	refused "$file" 'it is read as well' report "--json=$file" trace
	refused "$file" 'it is read as well' timing "--json=$file" trace
	refused "$file" 'it is read as well' timing --compare "--json=$file" kept trace
	refused "$file" 'it is read as well' export --perfetto -o "$file" trace
	refused "$file" 'it is read as well' graph wait-for "--png=$file" trace
	refused "$file" 'it is read as well' run --force -o trace "--json=$file" touch started
done <files
[ ! -e started ] || fail "the program was started"
expect 0 "$CT_BIN" report trace
# What is beside the trace in its folder is not read: a second report replaces the first.
expect 0 "$CT_BIN" report --json=trace/report.json trace
expect 0 "$CT_BIN" report --json=trace/report.json trace
echo "ok: a recorded trace"

# Two outputs in one file, that is there or not.
for state in missing there; do
	[ $state = missing ] || : >same
	refused kept 'one file cannot take two outputs' report --json=same --sarif=same in.std
	refused kept 'one file cannot take two outputs' report --json=same --svg=./same in.std
	refused kept 'one file cannot take two outputs' run --json=same --dot=folder/../same true
	[ $state = there ] || [ ! -e same ] || fail "same was made"
done
ln same second
ln -s same third
refused same 'one file cannot take two outputs' report --json=same --sarif=second in.std
refused same 'one file cannot take two outputs' report --json=second --gen-suppressions=third in.std
refused kept 'only one file can be standard output' report --json=- --sarif=- in.std
refused kept 'only one file can be standard output' graph lock-order --svg=- --png=- in.std
GITHUB_STEP_SUMMARY=$PWD/same refused same 'one file cannot take two outputs' report --github=same in.std
# Devices take what they are given.
expect 66 "$CT_BIN" report --json=/dev/null --sarif=/dev/null in.std
# The check does not open a pipe: whoever reads it would take the closing for the end.
mkfifo pipe
for turn in 1 2 3 4 5 6 7 8; do
	timeout 20 cat pipe >read.json &
	reader=$!
	for _ in $(seq 1000); do # a reader that comes after the check sees nothing of it
		case "$(ps -o state=,comm= --ppid "$reader" || true)" in
		"S cat") break ;;
		esac
		sleep 0.01
	done
	expect 66 timeout 20 "$CT_BIN" report --json=pipe in.std
	wait "$reader"
	[ -s read.json ] || fail "turn $turn: nothing was read"
done
cmp -s in.std kept || fail "the trace was written"
echo "ok: two outputs"
