# A damaged trace: what is wrong is said, what can be read is reported, status 2.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"

expect 66 timeout 60 "$CT_BIN" run -o hang -- "$CT_DEMOS/abba" --hang
"$CT_BIN" dump hang >whole
stream=hang/p1.t0
size=$(stat -c %s "$stream")

# the last bytes of a stream are lost
cp -r hang torn
truncate -s $((size - 20)) "torn/${stream#hang/}"
expect 2 "$CT_BIN" report torn
grep -qE '^conctrace: .*byte [0-9]+: ' err || fail "the damage is not said: $(cat err)"
[ -s out ] || fail "nothing is reported of a damaged trace"

# garbage in its middle
cp -r hang garbled
printf 'garbage!' | dd of="garbled/${stream#hang/}" bs=1 seek=4 conv=notrunc 2>/dev/null
expect 2 "$CT_BIN" report garbled
grep -qE '^conctrace: .*byte [0-9]+: ' err || fail "the damage is not said: $(cat err)"

# no metadata: no trace
cp -r hang headless
rm headless/metadata
expect 2 "$CT_BIN" report headless
has err headless
