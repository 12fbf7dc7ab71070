# conctrace grade: results that would lie among the submissions are refused, before anything is made.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/gradable.sh"

printf '[grade]\nruns = 1\n[build]\nrace = no\n' >rubric.ini
mkdir class
printf 'int main(void) { return 0; }\n' >class/a.c
ln -s class link
for results in class class/results class/new/results link link/results ./class/../class/b; do
	expect 2 timeout 20 "$CT_BIN" grade rubric.ini class -o "$results"
	has err 'cannot be among the submissions'
done
status=0
(cd class && timeout 20 "$CT_BIN" grade ../rubric.ini . 2>/dev/null) || status=$?
[ "$status" = 2 ] || fail "the folder of the results by default: status $status"
[ "$(ls class)" = a.c ] || fail "something was made: $(ls class)"
# A name that only begins alike is another folder.
expect 0 timeout 60 "$CT_BIN" grade rubric.ini class -o class.results
has out 'a.c: clean'

# The results of one submission do not go where a link leads.
mkdir elsewhere
rm -r class.results/a.c
ln -s "$PWD/elsewhere" class.results/a.c
expect 70 timeout 60 "$CT_BIN" grade rubric.ini class -o class.results
has err 'a.c is a link: remove it'
[ "$(ls elsewhere)" = "" ] || fail "a link was followed: $(ls elsewhere)"
