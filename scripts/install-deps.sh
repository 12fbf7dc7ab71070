#!/bin/sh
# Installs the Debian packages that are missing, and nothing else.
#   install-deps.sh         for building, testing and checking
#   install-deps.sh build   for building and running only
set -u

packages="gcc libc6-dev binutils python3 cmake ninja-build pkg-config libunwind-dev libdw-dev libjansson-dev
	libxml2-dev libinih-dev libzydis-dev graphviz scdoc"
if [ "${1:-all}" = all ]; then
	packages="$packages g++ make git pbzip2 procps libcmocka-dev babeltrace2 python3-jsonschema
		bash-completion zsh fish groff patch libxml2-utils meson dpkg-dev file bubblewrap chromium parallel slurm-wlm munge
		clang clang-format clang-tidy libclang-rt-14-dev universal-ctags
		redis-server redis-tools memcached nginx postgresql sqlite3 rustc stress-ng libpython3.11-testsuite"
fi

fail() {
	echo "install-deps: $*" >&2
	exit 1
}

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
	fail "this is not Debian or its like; install these yourself:" $packages

missing=""
for package in $packages; do
	status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=none
	[ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	as_root="env"
elif command -v sudo >/dev/null; then
	as_root="sudo env"
else
	fail "neither root nor sudo, so these packages cannot be installed:$missing"
fi

echo "install-deps: installing$missing"
log=$(mktemp) || fail "no temporary file"
trap 'rm -f "$log"' EXIT
# The lists may be recent enough; only if not are they fetched again.
apt() {
	$as_root DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1
}
# shellcheck disable=SC2086 # a list of words
apt install -y --no-install-recommends $missing ||
	{ apt update && apt install -y --no-install-recommends $missing; } ||
	fail "apt-get could not install$missing: $(grep '^E:' "$log" | head -n 1)"
