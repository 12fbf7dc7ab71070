# docs/course.md: every row of the course has its section, what the commands name exists, and they end
# as the page says. A third of the sections are run, of each kind some; with CT_TIMES set, all.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

sections='2 5 9 12 16 18 21'
if [ -n "${CT_TIMES:-}" ]; then
	sections=
fi
# shellcheck disable=SC2086 # no word at all stands for all sections
expect 0 timeout 110 "$CT_PYTHON" -B "$CT_SOURCE/scripts/course.py" check --build "$CT_BUILD" \
	--folder "$work/tour" $sections
