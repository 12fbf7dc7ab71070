# Programs that will not be recorded are named in the trace, with the reason; starting them works as
# without the recorder.
set -eu
. "$CT_SOURCE/tests/preload/lib.sh"
start="$CT_PROGRAMS/unseen_start"

cp "$CT_PROGRAMS/static_five" "$work/static"
cp /bin/true "$work/dynamic"
cp /bin/true "$work/foreign" # of aarch64, says its header
printf '\267' | dd of="$work/foreign" bs=1 seek=18 conv=notrunc 2>/dev/null
printf '#!%s -x\n' "$work/static" >"$work/script"
printf '#! /bin/sh\nexit 6\n' >"$work/shell"
chmod 755 "$work"/* "$work"

# unseen WANTED ARGUMENTS...: what the trace of this start says is not seen
unseen() {
	local wanted=$1
	shift
	"$start" "$@" >"$work/expected" 2>&1 || fail "$*: status $?"
	rm -rf "$work/t"
	timeout 60 env CONCTRACE_OPTIONS="trace=$work/t" LD_PRELOAD="$CT_LIB" "$start" "$@" \
		>"$work/got" 2>&1 || fail "$*: status $? with the recorder"
	sed -i '/libconctrac.\.so/d' "$work/got" "$work/expected" # the dynamic linker's remarks
	cmp -s "$work/expected" "$work/got" || fail "$*: $(diff "$work/expected" "$work/got")"
	"$CT_BIN" dump "$work/t" | sed -n "s|.* unseen .* object=0x\([0-9]*\) name=|\1 |p" |
		sed "s|$work/||" >"$work/found"
	printf '%b' "$wanted" | cmp -s - "$work/found" ||
		fail "$*: found $(cat "$work/found"), not $wanted"
}

for way in execve execv execvp execvpe execl execle execlp fexecve execveat empty spawn spawnp; do
	unseen '3 static\n' $way "$work/static"
	unseen '' $way "$work/dynamic"
	unseen '6 dynamic\n' $way "$work/dynamic" clean
done
unseen '' execvp true
unseen '' spawnp true
unseen '6 /bin/true\n' execvpe true clean # libc's own path
PATH="/nonexistent:$work:$PATH" unseen '3 static\n' execvp static
PATH="/nonexistent:$work:$PATH" unseen '3 static\n' execlp static
PATH="/nonexistent:$work:$PATH" unseen '3 static\n' spawnp static
unseen '3 script\n' execve "$work/script"
unseen '' execve "$work/shell"
unseen '5 foreign\n' execve "$work/foreign"
unseen '' system "$work/dynamic"
unseen "6 /bin/sh\n" system "$work/dynamic" clean
unseen "6 /bin/sh\n" popen "$work/dynamic" clean
unseen '' execve "$(readelf -l /bin/true | sed -n 's/.*interpreter: \(.*\)\]/\1/p')"
if [ "$(id -u)" = 0 ] && chown nobody "$work/dynamic" && chmod u+s "$work/dynamic"; then
	unseen '4 dynamic\n' execve "$work/dynamic"
	unseen '4 dynamic\n' fexecve "$work/dynamic"
	unseen '4 dynamic\n' spawn "$work/dynamic"
fi
same 3 "$start" refused
echo "ok: programs that are not seen"
