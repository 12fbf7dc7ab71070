/* The timeline's data (html_timeline_data.h), and questions about it. Times are nanoseconds. */
{
	const RUNNING = 0;
	const UNITS = [[999500000, 1e9, 's'], [999500, 1e6, 'ms'], [1000, 1e3, 'us'], [0, 1, 'ns']];

	/* As in the other reports: three digits, of seconds three places. */
	function timeText(time) {
		const [, size, unit] = UNITS.find((row) => time >= row[0]) || UNITS[3];

		if (time === 0)
			return '0 s';
		return (unit === 's' ? (time / size).toFixed(3)
			: String(Number((time / size).toPrecision(3)))) + ' ' + unit;
	}

	function decodeItems(raw, from) {
		const count = raw.length / 2;
		const bounds = new Float64Array(count + 1), kinds = new Uint32Array(count);

		bounds[0] = from;
		for (let i = 0; i < count; i++) {
			bounds[i + 1] = bounds[i] + raw[2 * i];
			kinds[i] = raw[2 * i + 1];
		}
		return {bounds, kinds};
	}

	function decodeRegions(raw, strings) {
		const regions = [];

		for (let i = 0, now = 0; i < raw.length; i += 3) {
			now += raw[i];
			regions.push({from: now, to: now + raw[i + 1], name: strings[raw[i + 2] - 1] || ''});
		}
		return regions;
	}

	function decodeArrows(raw, strings) {
		const arrows = [];

		for (let i = 0, now = 0; i < raw.length; i += 7) {
			now += raw[i];
			arrows.push({
				to: now, from: now - raw[i + 1], waker: raw[i + 2], woken: raw[i + 3],
				waited: raw[i + 4], activity: raw[i + 5],
				object: strings[raw[i + 6] - 1] || '',
			});
		}
		return arrows;
	}

	function decode(raw) {
		const strings = raw.strings, kinds = [];

		for (let i = 0; i < raw.kinds.length; i += 4)
			kinds.push({
				activity: raw.kinds[i], mixed: raw.kinds[i + 1] === 1,
				object: strings[raw.kinds[i + 2] - 1] || '',
				place: strings[raw.kinds[i + 3] - 1] || '',
			});
		return {
			wall: Math.max(raw.wall, 1), quantum: raw.quantum, kinds,
			activities: raw.activities.map(([name, colour, hatch]) => ({name, colour, hatch})),
			threads: raw.threads.map((thread, number) => ({
				number, id: thread.id, name: thread.name || '', process: strings[thread.process - 1] || '',
				open: thread.open === true, ...decodeItems(thread.items, thread.from),
				regions: decodeRegions(thread.regions || [], strings),
			})),
			arrows: decodeArrows(raw.arrows, strings), arrowsLeftOut: raw.leftOut[0],
		};
	}

	/* The item that is going on at a time; -1: none is. */
	function itemAt(thread, time) {
		let low = 0, high = thread.kinds.length;

		if (!(time >= thread.bounds[0]) || time > thread.bounds[high])
			return -1;
		while (high - low > 1) {
			const middle = (low + high) >> 1;

			if (thread.bounds[middle] <= time)
				low = middle;
			else
				high = middle;
		}
		return low;
	}

	/* Did the thread run between two times? */
	function runs(model, thread, from, to) {
		for (let i = Math.max(itemAt(thread, from), 0); i < thread.kinds.length; i++) {
			if (thread.bounds[i] >= to)
				break;
			if (thread.bounds[i + 1] > from &&
				model.kinds[thread.kinds[i]].activity === RUNNING)
				return true;
		}
		return false;
	}

	function wakerOf(model, thread, item) {
		const end = thread.bounds[item + 1], begin = thread.bounds[item];
		let low = 0, high = model.arrows.length;

		while (low < high) {
			const middle = (low + high) >> 1;

			if (model.arrows[middle].to <= begin)
				low = middle + 1;
			else
				high = middle;
		}
		for (; low < model.arrows.length && model.arrows[low].to <= end; low++)
			if (model.arrows[low].woken === thread.number)
				return model.threads[model.arrows[low].waker].name;
		return '';
	}

	/* "T2: lock `accounts`, 12.3 ms from 0.1 s, at bank.c:31, ended by T3" */
	function describe(model, thread, item) {
		const kind = model.kinds[thread.kinds[item]];
		const from = thread.bounds[item], to = thread.bounds[item + 1];
		const waker = kind.activity > RUNNING ? wakerOf(model, thread, item) : '';
		const region = thread.regions.find((r) => r.from <= from && from < r.to);

		if (kind.activity < 0)
			return '';
		return thread.name + ': ' + (kind.mixed ? 'mostly ' : '') +
			model.activities[kind.activity].name + (kind.object ? ' ' + kind.object : '') +
			', ' + timeText(to - from) + ' from ' + timeText(from) +
			(kind.place ? ', at ' + kind.place : '') + (waker ? ', ended by ' + waker : '') +
			(region ? ', in ' + region.name : '') +
			(thread.open && item === thread.kinds.length - 1
				? '; its end was not recorded' : '');
	}

	function addItems(found, model, thread, matches) {
		for (let i = 0; i < thread.kinds.length; i++)
			if (matches[thread.kinds[i]])
				found.push({thread, item: i, from: thread.bounds[i], to: thread.bounds[i + 1]});
	}

	/* All of the threads, items and regions that have the text in their name; by time.
	 * matches: which kinds do, for who draws them. */
	function search(model, threads, text) {
		const wanted = text.toLowerCase(), found = [];
		const has = (name) => name.toLowerCase().includes(wanted);
		const matches = model.kinds.map((kind) => kind.activity >= 0 && (has(kind.object) ||
			has(kind.place) || has(model.activities[kind.activity].name)));
		const names = new Set();

		for (const thread of threads) {
			if (has(thread.name)) {
				names.add(thread.number);
				found.push({thread, item: 0, from: thread.bounds[0],
					to: thread.bounds[thread.kinds.length]});
			}
			addItems(found, model, thread, matches);
			for (const region of thread.regions)
				if (has(region.name))
					found.push({thread, item: Math.max(itemAt(thread, region.from), 0),
						from: region.from, to: region.to});
		}
		found.sort((a, b) => a.from - b.from || a.thread.number - b.thread.number);
		return {found, matches, names};
	}

	Object.assign(conctrace, {decode, timeText, itemAt, runs, describe, search});
}
