# Libraries that come and go: loading them works as without the recorder, stacks name the library
# that was there at the time, and what is not seen is said.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
plugins="$CT_SOURCE/tests/preload/programs/plugins"
mkdir "$work/lib"

# plugin SOURCE NAME FLAGS...
plugin() {
	local source=$1 name=$2
	shift 2
	"$CT_CC" -D_GNU_SOURCE -g -O0 -fPIC -shared -o "$work/lib/$name.so" "$plugins/$source.c" \
		"$@" -pthread
}

plugin plug_outer plug_outer -Wl,-rpath,'$ORIGIN' -Wl,--enable-new-dtags
plugin plug_inner plug_inner
plugin plug_early plug_early
plugin plug_locks plug_first -DFUNCTION=plug_first -DBOTH=first_both
plugin plug_locks plug_second -DFUNCTION=plug_second -DBOTH=second_both
"$CT_CC" -g -o "$work/early" -x c - -x none "$work/lib/plug_early.so" -Wl,-rpath,"$work/lib" <<-'C'
	void early(void);
	int main(void) { early(); return 5; }
C

cp "$CT_LIB" "$work/lib/recorder.so"

# record PROGRAM ARGUMENTS...: its records in dump, its definitions in definitions
record() {
	rm -rf "$work/t"
	timeout 60 env CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" "$@" >"$work/said" 2>&1 ||
		fail "$*: status $?: $(tail -3 "$work/said")"
	"$CT_BIN" dump "$work/t" >"$work/dump"
}

for program in caller place lives odd; do
	same 3 "$CT_PROGRAMS/dl_plugins" $program "$work/lib"
done
same 3 "$work/early"

# the second library's calls come from where the first one's came from
record "$CT_PROGRAMS/dl_plugins" place "$work/lib" "$work/places"
if grep -q '^the same place' "$work/places"; then
	"$CT_BIN" report "$work/t" >"$work/report" || true
	awk '/^  T[0-9]/ { thread = $1 } /^ *at / { print thread, $2 }' "$work/report" >"$work/names"
	printf '%s\n' 'T2 first_both' 'T2 first_both' 'T3 second_both' 'T3 second_both' |
		cmp -s - "$work/names" || fail "place: $(cat "$work/report")"
else
	echo "skipped: the second library was put elsewhere"
fi
[ "$(grep -c ' dlclose ' "$work/dump")" = 4 ] || fail "place: $(grep dlclose "$work/dump")"

# a mutex that comes to lie where another one was is another one
record "$CT_PROGRAMS/dl_plugins" lives "$work/lib"
[ "$(grep -c ' memory_freed ' "$work/dump")" -ge 2 ] || fail "lives: no memory_freed"
"$CT_BIN" report "$work/t" >"$work/report" || true
! grep -q 'plug_first' "$work/report" || fail "lives: $(cat "$work/report")"

record "$CT_PROGRAMS/dl_plugins" odd "$work/lib"
sed -n 's/.* unseen .* object=\(0x[0-9]*\) name=/\1 /p' "$work/dump" | sort -u >"$work/unseen"
printf '0x1 %s\n0x2 %s\n0x2 libm.so.6\n' "$work/lib/plug_inner.so" "$work/lib/recorder.so" | cmp -s - "$work/unseen" ||
	fail "odd: unseen: $(cat "$work/unseen")"

# of two copies of the recorder, one records
(
	CT_LIB="$CT_LIB $work/lib/recorder.so"
	same 1 "$CT_PROGRAMS/dl_plugins" place "$work/lib"
	record "$CT_PROGRAMS/dl_plugins" place "$work/lib"
	[ "$(grep -c ' process ' "$work/dump")" = 1 ] || fail "two copies: $(cat "$work/dump")"
)
echo "ok: names, lives and blind spots"

[ ! -x "$CT_PROGRAMS/dl_throw" ] || same 2 "$CT_PROGRAMS/dl_throw" "$work/lib/plug_inner.so"
