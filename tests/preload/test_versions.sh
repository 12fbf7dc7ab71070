# Programs that were linked long ago ask for versions of functions that libc keeps for them: they get
# those, and what they do is recorded. Programs that know no versions get what libc would give them.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
command -v "${CT_CC:-cc}" >/dev/null || { echo "no compiler"; exit 77; }

printf 'exit 7\n' >"$work/script"
chmod +x "$work/script"
same 20 "$CT_PROGRAMS/version_old" "$work/script"
grep -q 'intact 1$' "$work/expected" && grep -q '^old posix_spawn: Success, status 7$' "$work/expected" ||
	fail "this is not what libc does: $(cat "$work/expected")"

CONCTRACE_OPTIONS="trace=$work/trace" LD_PRELOAD="$CT_LIB" "$CT_PROGRAMS/version_old" >/dev/null
"$CT_BIN" dump "$work/trace" | sed -nE 's/^\[[^]]*\] p1:T[0-9]+ ([a-z_]+) (.*)/\1 \2/p' >"$work/dump"
# count NUMBER PATTERN: so many events are like this
count() {
	found=$(grep -cE "$2" "$work/dump" || :)
	[ "$found" = "$1" ] || fail "$found times \"$2\", not $1: $(grep cond "$work/dump")"
}
count 3 '^pthread_create '
count 3 '^pthread_join .*flags=blocked'
count 3 '^pthread_cond_wait .*flags=request$'
count 3 '^pthread_cond_wait .*flags=blocked$'
count 1 '^pthread_cond_timedwait .*timed_out'
count 1 '^failed .*error=22 call=pthread_cond_timedwait'
count 1 '^pthread_cond_signal '
count 1 '^pthread_cond_broadcast '
count 1 '^pthread_cond_destroy .*flags=blocked$'
[ "$(sed -n 's/^pthread_cond_[a-z]* object=\([^ ]*\).*/\1/p' "$work/dump" | sort -u | wc -l)" = 1 ] ||
	fail "more than one condition variable: $(grep cond "$work/dump")"
echo "ok: the old functions are recorded"

# A library that was linked to a libc without versions gets the first ones; what new programs cannot
# be linked to, old ones still find.
mkdir "$work/stub"
for name in pthread_cond_wait pthread_mutex_lock __pthread_mutex_lock posix_spawn; do
	echo "void $name(void);"
	echo "void $name(void) {}"
done >"$work/stub.c"
"$CT_CC" -shared -fPIC -nostdlib -fno-builtin -Wl,-soname,libc.so.6 -o "$work/stub/libc.so.6" "$work/stub.c"
cat >"$work/plugin.c" <<'C'
void pthread_cond_wait(void);
void pthread_mutex_lock(void);
void __pthread_mutex_lock(void);
void posix_spawn(void);
void *addresses[] = {pthread_cond_wait, pthread_mutex_lock, __pthread_mutex_lock, posix_spawn};
C
"$CT_CC" -shared -fPIC -nostdlib -fno-builtin -w -o "$work/plugin.so" "$work/plugin.c" "$work/stub/libc.so.6"
cat >"$work/user.c" <<'C'
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static const char *module(void *address)
{
	Dl_info info = {0};

	return dladdr(address, &info) && strstr(info.dli_fname, "conctrace") ? "conctrace" : "libc";
}

int main(int argc, char **argv)
{
	void *plugin = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	void **at = plugin ? dlsym(plugin, "addresses") : NULL;

	if (!at)
		return puts(dlerror());
	printf("old %d %d\n", at[0] == dlvsym(RTLD_DEFAULT, "pthread_cond_wait", "GLIBC_2.2.5"),
	       at[3] == dlvsym(RTLD_DEFAULT, "posix_spawn", "GLIBC_2.2.5"));
	printf("hidden %d\n", dlsym(RTLD_DEFAULT, "__pthread_mutex_lock") != NULL);
	for (int i = 0; argc > 2 && i < 4; i++)
		puts(module(at[i]));
	return 0;
}
C
"$CT_CC" -D_GNU_SOURCE -o "$work/user" "$work/user.c" -ldl
same 1 "$work/user" "$work/plugin.so"
grep -q '^old 1 1$' "$work/expected" || fail "libc gives other versions: $(cat "$work/expected")"
traced "$work/trace2" "$work/user" "$work/plugin.so" all >"$work/got"
[ "$(grep -c '^conctrace$' "$work/got")" = 4 ] || fail "not ours: $(cat "$work/got")"
echo "ok: libraries without versions"
