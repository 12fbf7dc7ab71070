# What the tests of the formats of CI servers and graders share: sourced after lib.sh.
#
#   make_programs        compiles fine, fails (status 3), hangs
#   check FILE PYTHON    PYTHON holds, with the report as `r`

make_programs() {
	for name in fine fails hangs; do
		compile "$name" -DKIND="'${name#?}'" -Wno-multichar <<'C'
#include <pthread.h>
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
int main(void)
{
	pthread_mutex_lock(&a);
	if (KIND == 'angs')
		pthread_mutex_lock(&a);
	pthread_mutex_unlock(&a);
	return KIND == 'ails' ? 3 : 0;
}
C
	done
}

check() {
	"${CT_PYTHON:-python3}" -c 'import json, sys
r = json.load(open(sys.argv[1]))
'"$2" "$1" || fail "$1: $(head -c 1500 "$1")"
}

# hostile names: what no JSON string, terminal or page should be handed as it is
hostile() {
	printf 'T1|fork(T2)|"\\<&>.c:1
T1|acq(<i>"\\&&#x27;]]>\1\33\377\357\277\277)|x.c:1
T2|acq(b)|x.c:1
T2|req(<i>"\\&&#x27;]]>\1\33\377\357\277\277)|x.c:2
T1|req(b)|x.c:3\n'
}
