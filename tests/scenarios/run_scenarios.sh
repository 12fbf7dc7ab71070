#!/bin/bash
# run_scenarios.sh CASE.std...: holds what the detectors say of each trace against CASE.expect.
#
# .expect: comments begin with #, the first one says what the case proves; then the lines of
# scenario_main, in any order. The rules about deadlocks are told apart in all of their folders; in
# the folder of any other rule only that rule counts.
set -u

main=${CT_BUILD:?the build folder}/tests/scenario_main
failed=0

for std in "$@"; do
	expect=${std%.std}.expect
	rule=$(basename "$(dirname "$std")")
	case $rule in
	lock-order | deadlock | self-deadlock | orphaned-lock | lost-wakeup | missing-post | \
		pipe-deadlock | barrier-mismatch | stuck)
		rules=(lock-order deadlock self-deadlock orphaned-lock lost-wakeup missing-post
			pipe-deadlock barrier-mismatch stuck)
		;;
	*) rules=("$rule") ;;
	esac
	if ! head -n 1 "$expect" | grep -q '^# ..'; then
		echo "$expect: the first line has to say what the case proves"
		failed=1
		continue
	fi
	wanted=$(grep -v '^#' "$expect" | LC_ALL=C sort)
	if ! found=$("$main" "$std" "${rules[@]}"); then
		echo "$std: scenario_main failed"
		failed=1
	elif [ "$wanted" != "$found" ]; then
		echo "$std: $(head -n 1 "$expect")"
		diff <(echo "$wanted") <(echo "$found") | sed -n 's/^</expected: /p; s/^>/found:    /p'
		failed=1
	fi
done
exit $failed
