#!/bin/bash
# check_misuse.py itself: it has to fail when something that is expected is not found, when something
# is found that is not expected, and when nothing ran.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
failed=0
expect="expect: orphaned-lock mutex lock_again keep_it"

# program NAME EXPECTATIONS [WHICH]: writes one that waits for a lock whose holder is gone, or not
program() {
	mkdir -p "$scratch/orphaned-lock"
	rm -f "$scratch"/orphaned-lock/*
	cat >"$scratch/orphaned-lock/$1.c" <<-C
		/*
		 * A program.
		$(printf '%s\n' "$2" | sed 's/^/ * /')
		 */
		#include <pthread.h>
		#include <stdio.h>
		#include <stdlib.h>
		static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
		static void *keep_it(void *unused) { pthread_mutex_lock(&mutex); return unused; }
		static void lock_again(void) { pthread_mutex_lock(&mutex); }
		int main(int argc, char **argv)
		{
			pthread_t thread;
			printf("%s\n", argc > 1 ? argv[1] : "");
			if (${3:-1}) {
				pthread_create(&thread, NULL, keep_it, NULL);
				pthread_join(thread, NULL);
				lock_again();
			}
			if (argc > 2 && getenv("LD_PRELOAD"))
				printf("traced\n");
			return ${4:-0};
		}
	C
}

# check STATUS WORDS: what check_misuse.py is to end with, and to say
check() {
	timeout 100 "${CT_PYTHON:-python3}" -B "$here/check_misuse.py" --build "$scratch/build" \
		"$scratch/orphaned-lock" >"$scratch/said" 2>&1
	status=$?
	if [ $status -ne "$1" ] || ! grep -qF -e "$2" "$scratch/said"; then
		echo "status $status, not $1, or \"$2\" is not said:"
		cat "$scratch/said"
		failed=1
	fi
}

program wrong_right "$expect error"
check 0 "1 of 1 as expected"
program wrong_right "expect: orphaned-lock - lock_again"
check 0 "1 of 1 as expected"
program wrong_nothing "$expect" 0
check 1 "- $expect"
program wrong_rule "expect: self-deadlock mutex lock_again"
check 1 "- expect: self-deadlock"
check 1 "+ error[orphaned-lock]"
program wrong_object "expect: orphaned-lock other lock_again"
check 1 "is about mutex, not other"
program wrong_first "expect: orphaned-lock mutex keep_it"
check 1 "has its first place not at keep_it"
program wrong_second "expect: orphaned-lock mutex lock_again main other"
check 1 "has no place at main"
program wrong_severity "$expect note"
check 1 "is of severity error, not note"
program wrong_also "$expect
also: thread-leak"
check 1 "- also: thread-leak"
program wrong_twice "$expect
$expect"
check 1 "- $expect"
program legal_hangs ""
check 1 "+ error[orphaned-lock]"
program legal_good "args: 'two words'
exit: 3" 0 3
check 0 "1 of 1 as expected"
program legal_status "exit: 3" 0 4
check 1 "status: 4, not 3"
program legal_output "args: one two" 0
check 1 "without conctrace: b'one\\n'"
program legal_expects "$expect" 0
check 1 "legal, but expects findings"
program wrong_expects "" 0
check 1 "wrong, but expects nothing"
program legal_unbuildable "" "no_such_name"
check 1 "error: "
rm "$scratch"/orphaned-lock/*
check 1 "0 of 0"
exit $failed
