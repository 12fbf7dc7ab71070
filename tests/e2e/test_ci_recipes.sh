# The examples of docs/ci.md: their shell lines, as they stand there, fail on a commit with a bug and
# pass on the one that fixes it.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/installed.sh"
for tool in cpack dpkg-deb dpkg-shlibdeps file git make gcc; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done

# A machine on which apt-get installs packages that are files into a folder, and knows all others.
mkdir machine stand-ins
cat >stand-ins/apt-get <<SH
#!/bin/sh
for word; do
	case \$word in
	*.deb) dpkg-deb -x "\$word" "$work/machine" ;;
	esac
done
SH
chmod +x stand-ins/apt-get
PATH=$work/stand-ins:$work/machine/usr/bin:$PATH
(cd "$CT_BUILD" && cpack -G DEB -B "$work/packages") >cpack 2>&1 || fail "$(cat cpack)"

# A repository: one commit with a race, one without.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
git init -q -b main repository
cd repository
mkdir tools
cp ../packages/*.deb tools/
cat >program.c <<'C'
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int total;
static void *add(void *unused)
{
	pthread_mutex_lock(&lock);
	total++;
	pthread_mutex_unlock(&lock);
	return unused;
}
int main(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, add, NULL);
	total++;
	return pthread_join(thread, NULL);
}
C
printf 'program: program.c\n\t$(CC) -g -pthread -o $@ program.c\n' >Makefile
git add .
git commit -q -m bug
sed -i '/pthread_create/{n;s/.*/\tadd(NULL);/}' program.c
git commit -q -a -m fix

# commit WHICH: as a job finds it
commit() {
	git checkout -q "$1"
	git clean -q -f -d -x
}
status_of() {
	status=0
	timeout 60 "$@" >../out 2>../err </dev/null || status=$?
}

export GITHUB_STEP_SUMMARY=$work/summary
for kind in github gitlab; do
	"${CT_PYTHON:-python3}" -B "$CT_SOURCE/tests/e2e/recipe_lines.py" "$CT_SOURCE/docs/ci.md" "$kind" \
		>"$work/$kind.sh"
	commit main~
	status_of bash -e "$work/$kind.sh"
	[ "$status" = 66 ] || fail "$kind, bug: status $status: $(tail ../out ../err)"
	has ../err 'error[data-race]'
	has conctrace.xml 'classname="data-race"'
	has conctrace.xml '<failure'
	commit main
	status_of bash -e "$work/$kind.sh"
	[ "$status" = 0 ] || fail "$kind, fix: status $status: $(tail ../out ../err)"
	lacks conctrace.xml '<failure'
	[ -f conctrace.html ] || fail "$kind: no conctrace.html"
done
[ -f conctrace.json ] || fail 'no conctrace.json'

# Gradescope's
mkdir -p ../autograder/results
"${CT_PYTHON:-python3}" -B "$CT_SOURCE/tests/e2e/recipe_lines.py" "$CT_SOURCE/docs/ci.md" sh |
	sed "s|/autograder|$work/autograder|g" >"$work/autograde.sh"
ln -s "$PWD" ../autograder/submission
score() {
	status_of sh "$work/autograde.sh"
	[ "$status" = 0 ] || fail "autograder: status $status: $(tail ../out ../err)"
	"${CT_PYTHON:-python3}" -c 'import json, sys
assert json.load(open(sys.argv[1]))["score"] == int(sys.argv[2])' ../autograder/results/results.json "$1" ||
		fail "not $1 points: $(cat ../autograder/results/results.json)"
}
commit main~
score 0
commit main
score 1
echo 'this is no C' >>program.c
score 0
has ../autograder/results/results.json 'error'
git checkout -q program.c
