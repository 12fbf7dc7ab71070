#!/bin/bash
# The JSON report follows its schema with no, one and 5,000 findings, of programs and of text traces,
# whatever the program is called; and says exactly what the program used.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
ulimit -v 4000000

python=${CT_PYTHON:-python3}
holds() { # FILE EXPRESSION...
	"$python" "$CT_SOURCE/tests/e2e/json_report.py" "$@" >holds 2>&1 || fail "$(tail -3 holds)"
}
many() {
	"$python" "$CT_SOURCE/tests/e2e/many_findings.py" "$@"
}

# of text traces: no times
many 0 >none.std
expect 0 "$CT_BIN" report --json none.json none.std
holds none.json 'findings == []' 'run["exit_status"] == 0' '"cpu_s" not in run["recorded"]' \
	'"wall_s" not in run["recorded"]' 'uses["thread"] == {"objects": 2, "calls": 2}'
many 1 >one.std
expect 66 "$CT_BIN" report --json one.json one.std
holds one.json 'len(findings) == 1' 'findings[0]["fails"]' 'run["exit_status"] == 66' \
	'findings[0]["location"] == {"file": "left1.c", "line": 11}' \
	'[p["role"] for p in findings[0]["places"]] == ["holds", "wants"] * 2' \
	'findings[0]["places"][3]["stack"] == [{"file": "right1.c", "line": 21}]' \
	'findings[0]["details"].startswith("error[lock-order]: ")' \
	'run["command"] == "conctrace report --json one.json one.std"'
# the same file again, and on standard output
expect 66 "$CT_BIN" report --json again.json one.std
sed 's/again/one/' again.json | cmp - one.json || fail "two reports differ"
expect 66 "$CT_BIN" report --json - one.std
holds out 'len(findings) == 1'
# what decides the exit status is the user's to say
expect 0 "$CT_BIN" report --fail-on=observed --json one.json one.std
holds one.json 'not findings[0]["fails"]' 'run["exit_status"] == 0'

# what is not told
printf '[lock-order]\nreason = it\t"never" meets\n[deadlock]\nreason = none\n' >known.supp
expect 0 "$CT_BIN" report --suppressions known.supp --json hidden.json one.std
holds hidden.json 'findings == []' 'run["exit_status"] == 0' 'len(run["hidden"]) == 1' \
	'run["hidden"][0]["why"] == "suppressed"' 'run["hidden"][0]["reason"].endswith("meets")' \
	'run["unused_suppressions"] == ["known.supp:3: [deadlock] hid nothing"]'
many 1 1 >two.std
expect 0 "$CT_BIN" report --baseline one.json --json hidden.json two.std
holds hidden.json '[f["rule"] for f in findings] == ["atomicity"]' 'run["hidden"][0]["why"] == "known"' \
	'"reason" not in run["hidden"][0]'

many 1000 4000 >many.std
expect 66 timeout 100 "$CT_BIN" report --json many.json many.std
holds many.json 'len(findings) == 5000' \
	'sum(f["fails"] for f in findings) == 1000' \
	'all(f["location"]["line"] and f["places"] and f["details"] for f in findings)'

# a program, and what it used
compile used <<'END'
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t sem;
static void *work(void *arg)
{
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 10; i++) {
		pthread_mutex_lock(&m);
		pthread_mutex_unlock(&m);
	}
	sem_wait(&sem);
	return arg;
}
int main(void)
{
	pthread_t t[3];
	pid_t child;
	int p[2];
	char byte = 'x';
	pthread_barrier_init(&barrier, NULL, 3);
	sem_init(&sem, 0, 0);
	for (int i = 0; i < 3; i++)
		pthread_create(&t[i], NULL, work, NULL);
	for (int i = 0; i < 3; i++)
		sem_post(&sem);
	for (int i = 0; i < 3; i++)
		pthread_join(t[i], NULL);
	pthread_mutex_lock(&m);
	pthread_mutex_trylock(&m);
	pthread_mutex_trylock(&m);
	pthread_mutex_unlock(&m);
	sem_trywait(&sem);
	for (int i = 0; i < 7; i++)
		sched_yield();
	if (pipe(p) != 0)
		return 1;
	child = fork();
	if (!child)
		_exit(write(p[1], &byte, 1) != 1);
	if (read(p[0], &byte, 1) != 1)
		return 2;
	waitpid(child, NULL, 0);
	puts("done");
	return 0;
}
END
expect 0 timeout 60 "$CT_BIN" run -o used.trace --json used.json -- sh -c './used | cat'
holds used.json 'run["program"] == {"command": "sh -c ./used | cat", "status": "the program exited with status 0", "exit_status": 0}' \
	'uses["mutex"] == {"objects": 1, "calls": 64}' \
	'uses["barrier"] == {"objects": 1, "calls": 4}' \
	'uses["semaphore"] == {"objects": 1, "calls": 8}' \
	'uses["thread"] == {"objects": 3, "calls": 3}' \
	'uses["join"] == {"calls": 3}' 'uses["trylock"] == {"calls": 3}' 'uses["yield"] == {"calls": 7}' \
	'uses["pthread_mutex_lock"] == {"calls": 31}' \
	'uses["pthread_mutex_trylock"] == {"calls": 2}' \
	'uses["sem_post"] == {"calls": 3}' \
	'"condition variable" not in uses' 'run["recorded"]["wall_s"] > 0' \
	'0 < run["recorded"]["cpu_s"] < 60' 'findings == []'
# standard output is a pipe that others made
expect 0 timeout 60 "$CT_BIN" run -o pipe.trace --json pipe.json -- ./used
"$CT_BIN" run -o pipe2.trace --json pipe2.json -- ./used 2>err | cat >out
holds pipe.json 'uses["pipe"] == {"objects": 1, "calls": 2}' \
	'uses["process"] == {"objects": 1, "calls": 1}'
holds pipe2.json 'uses["pipe"] == {"objects": 1, "calls": 2}'

# a hang: who waits has made its call, and the program's end is not known
compile hang <<'END'
#include <pthread.h>
int main(void)
{
	static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
	pthread_mutex_lock(&m);
	pthread_mutex_lock(&m);
	return 0;
}
END
expect 66 timeout 60 "$CT_BIN" run -o hang.trace --json hang.json -- ./hang
holds hang.json 'findings[0]["evidence"] == "observed"' 'uses["mutex"] == {"objects": 1, "calls": 2}' \
	'findings[0]["location"] == {"file": "hang.c", "line": 6, "function": "main"}' \
	'findings[0]["places"][0]["stack"][0]["line"] == 5' \
	'"cpu_s" not in run["recorded"]'

# names that are made to break what prints them; the folder's, too
folder=$(printf 'a\n"<\377')
mkdir "$folder"
compile hostile <"$CT_SOURCE/tests/e2e/hostile_names.c"
mv hostile "$folder"
expect 66 timeout 60 "$CT_BIN" run --races=off -o names.trace --json names.json --lines names.txt -- "./$folder/hostile"
holds names.json 'len(findings) == 1' '"</script><b>" in findings[0]["headline"]' \
	'"x\\xFF" in findings[0]["headline"]' '"\ufffd" in run["program"]["command"]'
[ "$(wc -l <names.txt)" = 4 ] || fail "not 4 lines: $(cat names.txt)"
