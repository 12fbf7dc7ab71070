#!/bin/bash
# Every C file is as clang-format (.clang-format) writes it. Tables (*.def) are aligned by hand.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v clang-format >/dev/null || { echo "clang-format is missing"; exit 77; }

if printf 'int  f( void ) {return 0 ;}\n' |
	clang-format --dry-run -Werror --assume-filename=x.c 2>/dev/null; then
	echo "clang-format accepts anything"
	exit 1
fi
"${CT_PYTHON:-python3}" -B tests/lint/tree.py '*.c' '*.h' |
	xargs -r clang-format --dry-run -Werror --ferror-limit=3 || {
	echo "mend with: clang-format -i FILE"
	exit 1
}
