# For the tests of grading on more than one machine: sourced after lib.sh.
#
#   recipe NAME    the example of that name in docs/grading.md
#   make_class     rubric.ini and submissions, and whole/grades.csv, their table when graded in one
#                  go; conctrace is in PATH
#   same_table     grades.csv is that table

recipe() {
	sed -n "/^<!-- $1 -->\$/,/^\`\`\`\$/p" "$CT_SOURCE/docs/grading.md" | sed '1,2d;$d' >recipe
	[ -s recipe ] || fail "docs/grading.md has no example \"$1\""
	cat recipe
}

make_class() {
	mkdir submissions bin
	for name in abba.c condition.c data_race.c mutex.c no_main.c; do
		cp "$CT_SOURCE/tests/grade/submissions/$name" submissions/
	done
	cp "$CT_SOURCE/tests/grade/rubric.ini" .
	printf '#!/bin/sh\nexec "%s" "$@"\n' "$CT_BIN" >bin/conctrace
	chmod +x bin/conctrace
	PATH=$PWD/bin:$PATH
	export CONCTRACE_LIBRARY="$CT_LIB"
	expect 0 timeout 60 conctrace grade rubric.ini submissions -o whole
}

same_table() {
	cmp -s grades.csv whole/grades.csv || fail "another table: $(diff grades.csv whole/grades.csv)"
	for shard in 1 2 3; do
		[ "$(wc -l <grades.$shard/grades.csv)" -ge 2 ] || fail "shard $shard had nothing to do"
	done
}
