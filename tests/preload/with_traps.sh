# with_traps.sh SCRIPT: a test of this folder once more, with traps in its programs' code. Whatever
# holds of the hooks has to hold then, too. That some of the programs have races is left out.
set -eu
scripts=$(mktemp -d "${TMPDIR:-/tmp}/ct-traps.XXXXXX")
trap 'rm -rf "$scripts"' EXIT

printf '[data-race]\nreason = not what the test is about\n' >"$scripts/races"
for script in "$CT_SOURCE"/tests/preload/*.sh; do
	sed -E -e 's/CONCTRACE_OPTIONS=("?)/CONCTRACE_OPTIONS=\1races=traps:/' \
		-e "s|\\\$CT_SOURCE/tests/preload/([a-z_]*\\.sh)|$scripts/\\1|" \
		-e "s|\"\\\$CT_BIN\" report|& --suppressions=$scripts/races|" \
		"$script" >"$scripts/${script##*/}"
done
grep -q 'races=traps:' "$scripts/lib.sh"
status=0
bash "$scripts/${1##*/}" || status=$?
exit $status
