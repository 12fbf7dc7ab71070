# Programs that record more than is read before it is said that they hang: the rule is named from the
# end of the record, and from what was done before and lasts. What does not hang is not said to.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

MB=40
left_out="of the record, from before the hang, were not read"

# hangs BULK VARIANT RULE
hangs() {
	expect 66 timeout 60 "$CT_BIN" run -o "$2" -- "$CT_HANG/large" $MB "$1" "$2"
	has err "error[$3]"
	has err "$left_out"
	[ "$(grep -c '^error\[' err)" = 1 ] || fail "$2: more than one finding: $(grep '^error' err)"
	rm -r "$2"
}

# ends VARIANT: what may still go on ends by itself, without a finding
ends() {
	expect 0 timeout 60 "$CT_BIN" run -o "$1" -- "$CT_HANG/large" ${2-} $MB locks "$1"
	lacks err "error["
	rm -r "$1"
}

hangs locks wakeup lost-wakeup
hangs locks post missing-post
hangs locks pipe pipe-deadlock
hangs locks child pipe-deadlock
has err "which waits for data itself"
hangs locks barrier barrier-mismatch
# also where what went through the object itself is left out
hangs signals wakeup lost-wakeup
hangs posts post missing-post

# a timer that was armed long before posts the semaphore
ends timer
ends child --fixed
