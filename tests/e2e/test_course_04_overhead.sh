# Row 4: work that is large enough gains from threads and from processes, little work does not; and
# there is no gain past the processors.
set -eu
. "$CT_SOURCE/tests/e2e/lib.sh"
. "$CT_SOURCE/tests/e2e/course.sh"
[ "$(nproc)" -ge 2 ] || exit 77
overhead=$CT_DEMOS/overhead

# What the workers would gain on processors of their own: no other program has a say in this.
for mode in serial threads processes; do
	record "$mode" overhead --mode "$mode" --work 60000
	has out '30000000 odd numbers'
	timed "$mode" '
assert t["workers"] == len(workers) == (1 if "'$mode'" == "serial" else 2)
assert not [advice for advice in t["advice"] if advice["rule"] == "oversubscribed"]
if "'$mode'" != "serial":
    assert divided > 1.3 and together > 0, (divided, together)
'
done

# Past the processors the workers wait for them.
many=$(($(nproc) * 4))
record many overhead --mode threads --work 100000 --workers "$many"
timed many '
assert t["workers"] == '$many'
assert "processor" in one(t["advice"], rule="oversubscribed")["text"]
'

# What can be gained here and now is measured in the same turns: `plain` has programs that know
# nothing of each other.
sizes() {
	expect 0 timeout 100 "$CT_BIN" timing --sweep "$overhead --mode {mode} --work {n}" \
		--sweep "half=\$(({n} / 2)); $overhead --work \$half & $overhead --work \$half; wait" \
		--over 2,10000,50000 --repeat 7 --json sizes.json --curve sizes.svg
	has sizes.svg '<svg'
	[ "$(grep -c 'against serial: .*pays off' out)" = 3 ] || fail "break-even: $(cat out)"
	several sizes.json '
assert t["over"] == [2, 10000, 50000] and t["repeat"] == 7
serial, threads, processes, plain = t["series"]
noise = noise_of(t["series"])
assert [row["mode"] for row in t["series"]] == ["serial", "threads", "processes", None]
for row in t["series"]:
    walls = [point["wall_s"]["median"] for point in row["points"]]
    assert walls == sorted(walls) and 0 < row["fixed_s"] < walls[2], walls
    for point in row["points"]:
        wall = point["wall_s"]
        assert wall["low"] <= wall["median"] <= wall["high"]
    grown = (walls[2] - walls[1]) / (40000 * row["slope_s"])
    assert noise > 1.2 or 0.7 < grown < 1.4, (walls, row["slope_s"])
    row["gain"] = serial["slope_s"] / row["slope_s"]
for row in threads, processes:
    assert row["gain"] > 0.75 * plain["gain"] / noise, (row["gain"], plain["gain"], noise)
    # the same work, whoever does it
    assert close(row["points"][2]["cpu_s"]["median"], serial["points"][2]["cpu_s"]["median"], 0.3)
    if plain["gain"] > 1.5 and noise < 1.2:
        assert row["gain"] > 1.1 and 2 <= row["pays_off_from"] < 50000, row["pays_off_from"]
# before it does anything, a process costs more than no process
assert processes["points"][0]["cpu_s"]["median"] > serial["points"][0]["cpu_s"]["median"]
'
}
again sizes

# Four that wait at once take a quarter of the time on any machine, busy or not.
waits() {
	expect 0 timeout 100 "$CT_BIN" timing --sweep \
		"$CT_DEMOS/bound --kind io --workers 4 --mode {mode} --work {n}" \
		--over 1,50,100 --repeat 3 --json waits.json
	has out 'pays off'
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
		--sweep "$overhead --mode threads --work 50000 --workers {n}" \
		--sweep "for i in \$(seq {n}); do $overhead --work \$((50000 / {n})) & done; wait" \
		--workers --over "1,2,$many" --repeat 3 --json workers.json --speedup workers.svg
	has workers.svg '<svg'
	several workers.json '
threads, plain = ([point["speedup"] for point in row["points"]] for row in t["series"])
noise = noise_of(t["series"])
assert threads[0] == 1
for i in 1, 2:
    assert 0.7 / noise < threads[i] / plain[i] < 1.4 * noise, (threads, plain, noise)
for row in t["series"]:
    for point in row["points"]:
        assert close(point["efficiency"], point["speedup"] / point["n"], 0.01)
'
}
again workers
