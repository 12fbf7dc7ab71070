# docs/tutorial.md: each command of the page, as it stands there, prints what the page shows.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
for tool in cpack dpkg-deb dpkg-shlibdeps file git make gcc patch; do
	command -v "$tool" >/dev/null || { echo "no $tool"; exit 77; }
done
page=$CT_SOURCE/docs/tutorial.md
run_page="${CT_PYTHON:-python3} -B $CT_SOURCE/tests/e2e/page.py"
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
unset GITHUB_STEP_SUMMARY MAKEFLAGS MAKELEVEL

# A fresh clone on a machine of its own: what is built is this build, and apt-get installs into a folder.
mkdir machine stand-ins clone clone/build student
ln -s "$CT_SOURCE/scripts" "$CT_SOURCE/CMakePresets.json" clone/
ln -s "$CT_BUILD" clone/build/release
cat >stand-ins/apt-get <<SH
#!/bin/sh
for word; do
	case \$word in
	*.deb) dpkg-deb -x "\$word" "$work/machine" ;;
	esac
done
SH
cat >stand-ins/cmake <<SH
#!/bin/sh
case "\$*" in
'--preset release '*) grep -q '"name": "release"' CMakePresets.json ;;
'--build build/release') [ -f build/release/CPackConfig.cmake ] ;;
*) exit 1 ;;
esac
SH
chmod +x stand-ins/*

said=0   # commands
status=0 # of the last one
install() {
	real=$(command -v cmake)
	case $1 in
	cmake*) path=$work/stand-ins:$PATH ;;
	*) # cpack calls the real cmake
		rm -rf "$work/apt"
		mkdir "$work/apt"
		cp "$work/stand-ins/apt-get" "$work/apt"
		path=$work/apt:${real%/*}:$PATH
		;;
	esac
	(cd "$work/clone" && PATH=$path bash -e -c "$1") >"$work/out" 2>&1 </dev/null ||
		fail "install: $1: $(tail -5 "$work/out")"
	said=$((said + 1))
}
type_in() {
	typed=$1
	eval "(exit $status); $1" >"$work/out" 2>&1 </dev/null && status=0 || status=$?
	said=$((said + 1))
}
# which of two clerks it is, nobody knows
clerks() {
	sed -E 's/\bT[23]\b/T/g'
}
shown() {
	clerks <"$work/out" >"$work/real"
	clerks | $run_page check "$work/real" || fail "\$ $typed"
}
write() {
	mkdir -p "$(dirname "$1")"
	cat >"$1"
}
change() {
	patch -s -p1 >"$work/out" 2>&1 || fail "a change does not fit: $(cat "$work/out")"
}

$run_page script "$page" >script
PATH=$work/machine/usr/bin:$PATH
unset CT_BIN
cd student
. ../script
[ "$said" -ge 30 ] || fail "only $said commands were found in the page"
case $(command -v conctrace) in
"$work"/machine/*) ;;
*) fail 'not the installed conctrace' ;;
esac
[ -s race.html ] && [ -s conctrace.xml ] && [ -s conctrace.sarif ] || fail 'a report is missing'

# what the job does is what docs/ci.md says
for line in 'make CC="conctrace cc gcc"' 'conctrace run --timeout 60 --github - --sarif conctrace.sarif \' \
	'--junit conctrace.xml --html conctrace.html'; do
	has "$CT_SOURCE/docs/ci.md" "$line"
	has ci.sh "$line"
done
