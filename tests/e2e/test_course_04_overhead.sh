# Row 4: fixed cost and slope from a sweep over the work; no gain past the processors from a sweep
# over the workers.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"
[ "$(nproc)" -ge 2 ] || exit 77

for mode in serial threads processes; do
	record "$mode" overhead --mode "$mode" --work 20000
	has out '10000000 odd numbers'
done

# again TEST: up to three times, as other programs may take the processors meanwhile
again() {
	("$1") || ("$1") || "$1"
}

sizes() {
	expect 0 timeout 100 "$CT_BIN" timing \
		--sweep "$CT_DEMOS/overhead --mode {mode} --work {n}" --over 1,20000,60000,180000 \
		--repeat 5 --json sizes.json --curve sizes.svg
	has sizes.svg '<svg'
	several sizes.json '
assert t["over"] == [1, 20000, 60000, 180000] and t["repeat"] == 5
assert [row["mode"] for row in t["series"]] == ["serial", "threads", "processes"]
for row in t["series"]:
    walls = [point["wall_s"]["median"] for point in row["points"]]
    assert walls == sorted(walls) and row["slope_s"] > 0, walls
    assert 0 < row["fixed_s"] < walls[3], row["fixed_s"]
    for point in row["points"]:
        wall = point["wall_s"]
        assert wall["low"] <= wall["median"] <= wall["high"]
'
}
again sizes

# Four that wait at once take a quarter of the time on any machine, busy or not.
waits() {
	expect 0 timeout 100 "$CT_BIN" timing --sweep \
		"$CT_DEMOS/bound --kind io --workers 4 --mode {mode} --work {n}" \
		--over 1,50,100 --repeat 3 --json waits.json
	has out 'pay'
	several waits.json '
serial, threads, processes = t["series"]
for row in threads, processes:
    assert row["slope_s"] < 0.5 * serial["slope_s"]
    assert 0 <= row["pays_off_from"] < 50, row["pays_off_from"]
'
}
again waits

workers() {
	expect 0 timeout 100 "$CT_BIN" timing \
		--sweep "$CT_DEMOS/overhead --mode threads --work 100000 --workers {n}" --workers \
		--over "1,2,$(($(nproc) * 4))" --repeat 5 --json workers.json --speedup workers.svg
	has workers.svg '<svg'
	several workers.json '
series, = t["series"]
one, two, many = (point["speedup"] for point in series["points"])
assert one == 1 and max(two, many) < 1.3 * '"$(nproc)"', (two, many)
for point in series["points"]:
    assert close(point["efficiency"], point["speedup"] / point["n"], 0.01)
'
}
again workers
