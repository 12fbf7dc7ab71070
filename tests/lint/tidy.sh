#!/bin/bash
# clang-tidy (.clang-tidy) over the sources of both products, two at a time.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v clang-tidy >/dev/null || { echo "clang-tidy is missing"; exit 77; }
: "${CT_BUILD:?the build folder, for its compile_commands.json}"

scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
printf 'int f(int a);\nint f(int a)\n{\n\tif (a);\n\t\treturn 1;\n\treturn 0;\n}\n' >"$scratch/bad.c"
if clang-tidy --quiet --config-file=.clang-tidy "$scratch/bad.c" -- >/dev/null 2>&1; then
	echo "clang-tidy accepts anything"
	exit 1
fi

# One compile command per source: those in two targets would be checked twice.
"${CT_PYTHON:-python3}" - "$CT_BUILD/compile_commands.json" "$PWD" "$scratch" <<'PY' >"$scratch/list" || exit 1
import json, sys
database, top, scratch = sys.argv[1:]
once = {c["file"]: c for c in json.load(open(database))
        if c["file"].startswith((top + "/analyzer/", top + "/preload/")) and c["file"].endswith(".c")}
json.dump(list(once.values()), open(scratch + "/compile_commands.json", "w"))
print("\n".join(once))
PY
# The analyzer may explore a third of what it would of a function: the rest takes most of the time.
xargs -r -P 2 -n 1 timeout 300 clang-tidy --quiet -p "$scratch" --config-file=.clang-tidy \
	--extra-arg=-Wno-unknown-warning-option --extra-arg=-Xclang --extra-arg=-analyzer-config \
	--extra-arg=-Xclang --extra-arg=max-nodes=75000 <"$scratch/list" >"$scratch/log" 2>"$scratch/noise"
status=$?
cat "$scratch/log"
[ $status -eq 0 ] || grep -v 'warnings\? generated\|^Suppressed\|^Use -header' "$scratch/noise"
exit $status
