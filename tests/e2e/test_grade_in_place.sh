# conctrace grade: results that lie among the submissions are no submission, so that the second call
# says what the first one did, also of a shard.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

printf '[grade]\nruns = 1\n[build]\nrace = no\n' >rubric.ini
for name in a c d; do
	printf 'int main(void) { return 0; }\n' >"$name.c"
done
# between the others in the order of names
for shard in 1/2 2/2 1/1; do
	expect 0 timeout 60 "$CT_BIN" grade rubric.ini . -o b --again --shard "$shard"
	cp b/grades.csv "$(basename "$shard").csv"
	expect 0 timeout 60 "$CT_BIN" grade rubric.ini . -o b --shard "$shard"
	lacks out 'b: '
done
cmp -s 1.csv b/grades.csv || fail 'the second time: another table'
[ "$(wc -l <b/grades.csv)" = 4 ] || fail 'more or less than three submissions'
expect 2 timeout 20 "$CT_BIN" grade rubric.ini . -o b --only b
has err 'no submission of the name b'
