# The Debian package: what it says of itself, and that what is in it runs from wherever it was put.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/installed.sh"
for tool in cpack dpkg-deb dpkg-shlibdeps file; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done

(cd "$CT_BUILD" && cpack -G DEB -B "$work/packages") >cpack 2>&1 || fail "$(cat cpack)"
set -- packages/*.deb
[ $# = 1 ] || fail "not one package: $*"
case $1 in
packages/conctrace_*_amd64.deb) ;;
*) fail "the package is $1" ;;
esac

# field NAME TEXT: the control file's field has it
field() {
	dpkg-deb -f "$deb" "$1" >control
	has control "$2"
}
deb=$1
for library in libc6 libdw1 libelf1 libjansson4 libxml2 libzydis4.0; do
	field Depends "$library (>="
done
field Recommends graphviz
field Maintainer conctrace
lines=$(dpkg-deb -f "$deb" Description | wc -l)
[ "$lines" -ge 3 ] || fail "the description has $lines lines"

mkdir files
dpkg-deb -x "$deb" files
for file in bin/conctrace lib/libconctrace.so lib/conctrace/libconctrace-race.a include/conctrace.h \
	lib/cmake/conctrace/conctraceTest.cmake lib/pkgconfig/conctrace.pc share/doc/conctrace/LICENSE; do
	[ -f "files/usr/$file" ] || fail "the package has no $file"
done
! find files ! -type l ! -type d ! -perm -444 | grep . || fail "not everybody may read that"
CT_BIN=$work/files/usr/bin/conctrace

# it finds its own library, not that of the build
write_programs .
"${CT_CC:-gcc}" -g -pthread -o stuck stuck.c
expect 66 "$CT_BIN" run -o trace -- ./stuck
has err 'error[self-deadlock]'
has err 'stuck.c:6'
expect 0 "$CT_BIN" run -q -- grep -F libconctrace.so /proc/self/maps
has out "$work/files/usr/lib/libconctrace.so"
lacks out "$CT_BUILD"

# and what programs are linked with for races
cat >race.c <<'C'
#include <pthread.h>
static int total;
static void *add(void *unused)
{
	total++;
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
expect 0 "$CT_BIN" cc "${CT_CC:-gcc}" -pthread -o race race.c
expect 66 "$CT_BIN" run -o races -- ./race
has err 'error[data-race]: data race on `total`'
