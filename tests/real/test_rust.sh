# A Rust program: its locks are futex calls of its own.
set -eu
. "$CT_SOURCE/tests/real/lib.sh"
needs rustc

rustc -O -o "$work/rust" "$CT_SOURCE/tests/real/threads.rs" 2>"$work/rustc" || fail "$(cat "$work/rustc")"
session() {
	$under "$work/rust"
}
compare "a Rust program" session
