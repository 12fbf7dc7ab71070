#!/bin/bash
# The files of run --runs: each format has of all runs what docs/reports.md says, also of a run that came to
# no report.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
export CONCTRACE_OPTIONS=races=off # what traps catch differs from run to run

python=${CT_PYTHON:-python3}
holds() { # FILE EXPRESSION...
	"$python" "$CT_SOURCE/tests/e2e/json_report.py" "$@" >holds 2>&1 || fail "$(tail -3 holds)"
}

# What it does depends on how often it ran: 1 nothing, 2 and 4 locks in opposite orders, 3 hangs.
compile program <<'END'
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t twice = PTHREAD_MUTEX_INITIALIZER;
static void both(pthread_mutex_t *first, pthread_mutex_t *second)
{
	pthread_mutex_lock(first);
	pthread_mutex_lock(second);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
}
static int done; /* is no order that conctrace sees */
static void *other(void *arg)
{
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE))
		usleep(1000);
	both(&b, &a);
	return arg;
}
int main(void)
{
	int file = open("count", O_WRONLY | O_CREAT | O_APPEND, 0600);
	pthread_t thread;
	off_t runs = write(file, "x", 1) == 1 ? lseek(file, 0, SEEK_CUR) : 0;
	if (runs % 2 == 0) {
		pthread_create(&thread, NULL, other, NULL);
		both(&a, &b);
		__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
		pthread_join(thread, NULL);
	}
	pthread_mutex_lock(&twice);
	if (runs == 3)
		pthread_mutex_lock(&twice);
	pthread_mutex_unlock(&twice);
	return 0;
}
END
run() { # N OPTION...
	rm -f count
	n=$1
	shift
	expect 66 timeout 100 "$CT_BIN" run --perturb 5 --runs "$n" -o trace "$@" -- ./program
}

export GITHUB_STEP_SUMMARY=$PWD/page
printf 'of a command before\n' >page
run 4 --json all.json --sarif all.sarif --lines all.lines --text all.txt --html all.html --github all.github
printf '%s\n' 'of a command before' '### conctrace, seed 6: 1 error, 0 warnings' \
	'### conctrace, seed 7: 1 error, 0 warnings' | diff - <(grep -E '^(of|###)' page) || fail "$(cat page)"
[ "$(grep -c '^<summary>' page)" = 2 ] || fail "$(cat page)"
[ "$(grep -c '^::error ' all.github)" = 2 ] || fail "$(cat all.github)"
holds all.json '[run["seed"] for run in runs] == [5, 6, 7, 8]' \
	'[[f["rule"] for f in run["findings"]] for run in runs] == [[], ["lock-order"], ["self-deadlock"], []]' \
	'[[(f["rule"], f["why"]) for f in run["hidden"]] for run in runs] == [[], [], [], [("lock-order", "repeated")]]' \
	'[run["uses"]["pthread_mutex_lock"]["calls"] for run in runs] == [1, 5, 2, 5]' \
	'[run["recorded"]["threads"] for run in runs] == [1, 2, 1, 2]'
"$python" - <<'END' || fail "all.sarif: $(head -c 500 all.sarif)"
import json
with open("all.sarif", encoding="utf-8") as file:
    log = json.load(file)
assert log["version"] == "2.1.0", log
assert [[r["ruleId"] for r in run["results"]] for run in log["runs"]] == [
    [], ["lock-order"], ["self-deadlock"], []], log["runs"]
ids = [run["automationDetails"]["id"].rstrip("/").rsplit("/")[-1] for run in log["runs"]]
assert ids == ["5", "6", "7", "8"], ids
END
[ "$(grep -c ': error: ' all.lines)" = 2 ] || fail "$(cat all.lines)"
head -1 all.lines | grep -q 'lock-order\]$' || fail "$(cat all.lines)"
[ "$(grep -c '^error\[' all.txt)" = 2 ] || fail "$(cat all.txt)"
[ "$(grep -c '^recorded: ' all.txt)" = 2 ] || fail "also of runs that told nothing: $(cat all.txt)"
# the worst run's: what was observed, not what was predicted before and is seen no more later
has all.html 'self-deadlock'
lacks all.html 'opposite orders'
lacks all.html '`a` then `b`'
[ "$(grep -ci '<!doctype html>' all.html)" = 1 ] || fail "not one page"

# nothing but the first run's where none has a finding
rm -f count page
expect 0 timeout 100 "$CT_BIN" run --perturb 1 --runs 2 -o clean --github clean.github --json clean.json --html clean.html --text clean.txt \
	--lines clean.lines -- true
holds clean.json 'len(runs) == 2' 'all(not run["findings"] for run in runs)'
[ "$(grep -ci '<!doctype html>' clean.html)" = 1 ] || fail "not one page"
[ ! -s clean.lines ] || fail "$(cat clean.lines)"

[ "$(grep '^###' page)" = '### conctrace, seed 1: no findings' ] || fail "$(cat page)"

# a summary that cannot be written is known before the program runs
GITHUB_STEP_SUMMARY=no/such/page expect 2 timeout 60 "$CT_BIN" run -o one --github one.github -- touch ran
[ ! -e ran ] || fail "the program ran"
unset GITHUB_STEP_SUMMARY

# of one run alone nothing is changed
expect 0 timeout 60 "$CT_BIN" run --perturb 9 -o one --json one.json -- true
holds one.json 'len(runs) == 1' '"seed" not in run'

# two findings of one fingerprint are two, as without --perturb
compile alike <<'END'
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
static pthread_mutex_t *locks[4];
static int done; /* is no order that conctrace sees */
static void both(int first, int second)
{
	pthread_mutex_lock(locks[first]);
	pthread_mutex_lock(locks[second]);
	pthread_mutex_unlock(locks[second]);
	pthread_mutex_unlock(locks[first]);
}
static void *other(void *arg)
{
	while (!__atomic_load_n(&done, __ATOMIC_ACQUIRE))
		usleep(1000);
	for (int i = 0; i < 4; i += 2)
		both(i + 1, i);
	return arg;
}
int main(void)
{
	pthread_t thread;
	for (int i = 0; i < 4; i++) {
		locks[i] = malloc(sizeof(*locks[i]));
		pthread_mutex_init(locks[i], NULL);
	}
	pthread_create(&thread, NULL, other, NULL);
	for (int i = 0; i < 4; i += 2)
		both(i, i + 1);
	__atomic_store_n(&done, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);
	return 0;
}
END
expect 66 timeout 60 "$CT_BIN" run -o alike.trace --json alike.json -- ./alike
holds alike.json '[f["id"][16:] for f in findings] == [":1", ":2"]'
expect 66 timeout 60 "$CT_BIN" run --perturb 9 --runs 2 -o alike.trace --json alike.json -- ./alike
holds alike.json '[len(run["findings"]) for run in runs] == [2, 0]'
has err '2 runs, seeds 9 to 10: 2 findings'
