# conctrace grade: each of the made-up submissions gets the verdict and the points that belong to it,
# whatever it does; names are hostile; what was graded is not graded again; twice says the same.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/gradable.sh"

rubric=$CT_SOURCE/tests/grade/rubric.ini
chmod 711 . # jobs may run as another user
mkdir tmp
export TMPDIR=$PWD/tmp
python=${CT_PYTHON:-python3}
cp -r "$CT_SOURCE/tests/grade/submissions" class
mkdir class/empty
# What was built before is another program, and newer than the source.
compile other <"$CT_SOURCE/tests/grade/submissions/mutex.c"
cp other class/stale_program/program
gcc -g -x c -c "$CT_SOURCE/tests/grade/submissions/mutex.c" -o class/stale_program/main.o
hostile=$(printf '=a "b" <script>\nx; $(touch hit) \047,&')
cp class/no_thread.c "class/$hostile.c"
printf 'not code\n' >class/notes.txt

# The rubric's errors have a line.
for wrong in '[run]
tiemout = 3:2:did you mean "timeout"' '[deduct]
rule.data-rase = 3:2:did you mean "data-race"' '[require]
mutx = 3:2:did you mean "mutex"' '[runn]
timeout = 3:2:did you mean "run"' '[run]
timeout = soon:2:is not seconds' 'points = 3:1:before the first' '[output]
match = (:2:regular expression' '[output]
expect = none.txt:2:No such file' 'hello:1:neither' '[run]
memory = 1:2:too little memory'; do
	text=${wrong%:*:*}
	rest=${wrong#"$text":}
	printf '%s\n' "$text" >wrong.ini
	expect 2 "$CT_BIN" grade wrong.ini class
	has err "conctrace: wrong.ini:${rest%%:*}: "
	has err "${rest#*:}"
done
[ ! -e conctrace.grade ] || fail "a wrong rubric makes a folder"
expect 2 "$CT_BIN" grade "$rubric" no-such-folder
expect 2 "$CT_BIN" grade "$rubric" class --only nobody
has err 'no submission of the name nobody'
expect 2 "$CT_BIN" grade "$rubric" class --shard 3/2
expect 0 "$CT_BIN" grade --print-rubric
cp out example.ini
sed -n '/^```ini$/,/^```$/p' "$CT_SOURCE/docs/grading.md" | sed '1d;$d' >documented.ini
cmp -s example.ini documented.ini || fail "docs/grading.md has another example"
mkdir few
cp class/no_thread.c few/
expect 0 "$CT_BIN" grade example.ini few --runs 1 -o example
has out 'no_thread.c: clean, 100 of 100'

# More at a time than there are processors: those that time out only wait.
expect 0 timeout 110 "$CT_BIN" grade "$rubric" class -j4 -o results
cp out said
has err 'notes.txt is no submission'
has err 'graded 42 of 42'
"$python" -B - "$CT_SOURCE/tests/grade/expected" results "$hostile.c" <<'P' || fail "wrong verdicts"
import csv, html.parser, json, pathlib, sys
expected, results, hostile = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
want = {}
for line in open(expected):
    if not line.startswith("#"):
        name, verdict, points = line.split()
        want[name] = verdict.replace("-", " "), points
hostile = "'" + hostile.replace("\n", "\\x0A")
want[hostile] = "clean", "90"
rows = list(csv.DictReader(open(results / "grades.csv", newline="")))
got = {row["submission"]: (row["verdict"], row["points"]) for row in rows}
wrong = {name: (want.get(name), got.get(name)) for name in {*want, *got}
         if want.get(name) != got.get(name)}
for name, pair in sorted(wrong.items()):
    print(f"{name!r}: expected {pair[0]}, got {pair[1]}", file=sys.stderr)
    file = results / name / "result.json"
    if file.exists():
        print(file.read_text(), file=sys.stderr)
counts = {row["submission"]: row for row in rows}
assert counts["data_race.c"]["data-race"] == "1", counts["data_race.c"]
assert counts["abba.c"]["deadlock"] == "1", counts["abba.c"]
assert counts["lost_wakeup.c"]["lost-wakeup"] == "1"
assert counts["mutex.c"]["data-race"] == "0"
unseen = {name for name in counts if counts[name]["not observed"] != "no"}
assert unseen == {"own_compiler", "unwatched_exec.c"}, unseen
assert "LD_PRELOAD" in (results / "unwatched_exec.c" / "feedback.html").read_text()
for folder in results.iterdir():
    if folder.is_dir():
        page = (folder / "feedback.html").read_text()
        assert "<script>" not in page and "<h1>" in page, folder
        lost = sum(cost["points"] for cost in json.loads((folder / "result.json").read_text())["deductions"])
        name = folder.name if folder.name in got else hostile
        assert float(got[name][1]) == max(0, 100 - lost), folder
page = (results / "syntax_error.c" / "feedback.html").read_text()
assert "expected" in page and "syntax_error.c:" in page, "no build log"
page = (results / "abba.c" / "feedback.html").read_text()
assert "abba.c:" in page and "What to do" in page and "deadlock" in page
page = (results / "wrong_output.c" / "feedback.html").read_text()
assert "The output is wrong" in page
sys.exit(bool(wrong))
P
[ ! -e hit ] || fail "a name was run"
[ "$(ls -A tmp)" = "" ] || fail "left in the temporary folder: $(ls -A tmp)"

# Again: nothing to do, and the same table.
cp results/grades.csv first.csv
expect 0 timeout 20 "$CT_BIN" grade "$rubric" class -j2 -o results
has err 'graded 42 of 42 (42 as before)'
cmp -s first.csv results/grades.csv || fail "resumed: another table"
# Another file, another result, alone.
printf '\n' >>class/mutex.c
expect 0 timeout 20 "$CT_BIN" grade "$rubric" class -j2 -o results
has err '(41 as before)'
cmp -s first.csv results/grades.csv || fail "with a changed file: another table"
# Those where the order of threads decides what is seen, all anew.
set --
for name in $(awk '$2 ~ /^(finding|deadlocked)$/ { print $1 }' "$CT_SOURCE/tests/grade/expected"); do
	set -- "$@" --only "$name"
done
expect 0 timeout 110 "$CT_BIN" grade "$rubric" class -j4 -o results --again "$@"
has err "graded $(($# / 2)) of $(($# / 2)),"
cmp -s first.csv results/grades.csv || fail "again: another table: $(diff first.csv results/grades.csv)"
