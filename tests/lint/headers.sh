#!/bin/bash
# Every header compiles alone, and twice.
set -u
cd "$(dirname "$0")/../.." || exit 1

# alone ROOT HEADER...: true if each compiles; some tables are made when it is built
alone() {
	local root=$1 header failed=0
	shift
	for header; do
		printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
			gcc -fsyntax-only -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror \
				-iquote "$root" -iquote preload -iquote . \
				-iquote "${CT_BUILD:?the build folder}/preload/generated" -x c - ||
			failed=1
	done
	return $failed
}

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
printf 'size_t f(void);\n' >"$scratch/bad.h"
if alone analyzer "$scratch/bad.h" 2>/dev/null; then
	echo "a header without its includes was accepted"
	exit 1
fi

list() { "${CT_PYTHON:-python3}" -B tests/lint/tree.py "$@"; }
failed=0
# shellcheck disable=SC2046 # no file name of ours has a space
alone preload $(list 'preload/*.h') || failed=1
# shellcheck disable=SC2046
alone analyzer $(list 'analyzer/*.h' 'demos/*.h' 'tests/*.h' 'bench/*.h') || failed=1
exit $failed
