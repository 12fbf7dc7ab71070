/*
 * Drawing the timeline: only the lanes and the times that are seen. What is narrower than a pixel
 * is joined with its neighbours; a column shows one activity, and what it does not show is owed, so
 * that the shares of a lane come out right.
 */
{
	const ROW = 22, AXIS = 26, WIDE = 3, TILE = 6, MOST_ARROWS = 250;
	const SLEEP = 'sleep';
	const patterns = new Map();

	/* The look of an activity: {fill, thin}; `thin` is for what is too narrow for a hatch. */
	function lookOf(context, activity, dark) {
		const key = activity.name + dark;
		let look = patterns.get(key);

		if (look)
			return look;
		if (activity.hatch) {
			const tile = document.createElement('canvas'), brush = tile.getContext('2d');

			tile.width = tile.height = TILE;
			brush.fillStyle = brush.strokeStyle = activity.colour;
			brush.globalAlpha = 0.25;
			brush.fillRect(0, 0, TILE, TILE);
			brush.globalAlpha = 1;
			brush.stroke(new Path2D(activity.hatch));
			look = {fill: context.createPattern(tile, 'repeat'), thin: activity.colour + '99'};
		} else {
			const plain = activity.colour + (dark && activity.name === SLEEP ? '50' : '');

			look = {fill: plain, thin: plain};
		}
		patterns.set(key, look);
		return look;
	}

	/* Calls bar(x1, x2, activity, kind or -1, matched) from left to right. */
	function walk(model, thread, view, bar) {
		const {bounds, kinds} = thread, scale = view.plot / (view.to - view.from);
		const owed = new Float64Array(model.activities.length);
		let present = 0, matched = false, left = 0;

		function flush(right) {
			let best = -1;

			for (let a = 0; present >> a; a++)
				if (present >> a & 1 && (best < 0 || owed[a] > owed[best]))
					best = a;
			if (best >= 0) {
				owed[best] -= right - left;
				bar(left, right, best, -1, matched);
			}
			present = 0;
			matched = false;
			left = right;
		}

		for (let i = Math.max(conctrace.itemAt(thread, view.from), 0); i < kinds.length; i++) {
			const x1 = Math.max((bounds[i] - view.from) * scale, 0);
			const x2 = Math.min((bounds[i + 1] - view.from) * scale, view.plot);
			const activity = model.kinds[kinds[i]].activity;

			if (x1 >= view.plot)
				break;
			if (x2 < 0 || bounds[i + 1] === bounds[i])
				continue;
			if (x2 - x1 >= WIDE || activity < 0) {
				flush(x1);
				if (activity >= 0)
					bar(x1, x2, activity, kinds[i], view.matches && view.matches[kinds[i]]);
				left = x2;
				continue;
			}
			if (!present)
				left = x1;
			owed[activity] += x2 - x1;
			present |= 1 << activity;
			matched = matched || Boolean(view.matches && view.matches[kinds[i]]);
			if (x2 - left >= 1)
				flush(x2);
		}
		if (present)
			flush(Math.min(left + 1, view.plot));
	}

	function shorten(context, text, room) {
		if (context.measureText(text).width <= room)
			return text;
		let low = 0, high = text.length;

		while (high - low > 1) {
			const middle = (low + high) >> 1;

			if (context.measureText(text.slice(0, middle) + '\u2026').width <= room)
				low = middle;
			else
				high = middle;
		}
		return low ? text.slice(0, low) + '\u2026' : '';
	}

	function drawLabel(context, view, kind, model, x1, x2, y, height) {
		const text = kind.object || model.activities[kind.activity].name;

		if (x2 - x1 < 40)
			return;
		context.font = '10px ' + view.font;
		const shown = shorten(context, text, x2 - x1 - 12);
		const width = context.measureText(shown).width;

		if (!shown)
			return;
		/* A plate, so that it can be read on a hatch. */
		context.fillStyle = view.paper;
		context.globalAlpha *= 0.85;
		context.fillRect(x1 + 3, y + 2, width + 6, height - 4);
		context.globalAlpha /= 0.85;
		context.fillStyle = view.ink;
		context.fillText(shown, x1 + 6, y + height / 2);
	}

	function drawRegions(context, model, thread, view, y) {
		const scale = view.plot / (view.to - view.from);

		context.font = '9px ' + view.font;
		for (const region of thread.regions) {
			const x1 = Math.max((region.from - view.from) * scale, 0);
			const x2 = Math.min((region.to - view.from) * scale, view.plot);

			if (x1 >= view.plot)
				break;
			if (x2 - x1 < 0.5)
				continue;
			context.strokeStyle = view.ink;
			context.lineWidth = 1;
			context.strokeRect(view.left + x1 + 0.5, y + 0.5, Math.max(x2 - x1 - 1, 0.5), 8);
			context.fillStyle = view.ink;
			if (x2 - x1 > 24)
				context.fillText(shorten(context, region.name, x2 - x1 - 6),
					view.left + x1 + 3, y + 5);
		}
	}

	function drawLane(context, model, thread, view, top) {
		const strip = thread.regions.length ? 9 : 0;
		const y = top + 2 + strip, height = ROW - 4 - strip;

		walk(model, thread, view, (x1, x2, activity, kind, matched) => {
			const look = lookOf(context, model.activities[activity], view.dark);
			const faint = view.matches && !matched && !view.names.has(thread.number);

			context.globalAlpha = faint ? 0.25 : 1;
			context.fillStyle = kind < 0 ? look.thin : look.fill;
			context.fillRect(view.left + x1, y, x2 - x1, height);
			if (kind >= 0 && activity > 0 && !strip)
				drawLabel(context, view, model.kinds[kind], model, view.left + x1,
					view.left + x2, y, height);
		});
		context.globalAlpha = 1;
		if (strip)
			drawRegions(context, model, thread, view, top + 1);
	}

	function drawName(context, row, view, y) {
		const heading = !row.thread;

		context.font = (heading ? 'bold ' : '') + '12px ' + view.font;
		context.fillStyle = view.ink;
		context.textAlign = heading ? 'left' : 'right';
		if (heading)
			context.fillText(shorten(context, row.process, view.left + view.plot - 8), 4, y);
		else
			context.fillText(shorten(context, row.thread.name, view.left - 12),
				view.left - 8, y);
		context.textAlign = 'left';
	}

	/* A step of 1, 2 or 5 times a power of ten, so that numbers have room. */
	function tickStep(span, plot) {
		const least = span * 90 / Math.max(plot, 90), power = 10 ** Math.floor(Math.log10(least));

		return [1, 2, 5, 10].find((factor) => factor * power >= least) * power;
	}

	function tickText(time, step) {
		const [size, unit] = step >= 1e8 ? [1e9, 's'] : step >= 1e5 ? [1e6, 'ms']
			: step >= 100 ? [1e3, 'us'] : [1, 'ns'];
		const places = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9));

		return (time / size).toFixed(Math.min(places, 6)) + ' ' + unit;
	}

	function drawAxis(context, view, height) {
		const span = view.to - view.from, step = tickStep(span, view.plot);
		const scale = view.plot / span;

		context.font = '11px ' + view.font;
		context.fillStyle = context.strokeStyle = view.ink;
		context.lineWidth = 1;
		for (let n = Math.ceil(view.from / step); n * step <= view.to; n++) {
			const x = Math.round(view.left + (n * step - view.from) * scale) + 0.5;
			const text = tickText(n * step, step);

			context.globalAlpha = 0.15;
			context.beginPath();
			context.moveTo(x, AXIS - 6);
			context.lineTo(x, height);
			context.stroke();
			context.globalAlpha = 1;
			context.fillText(text, Math.min(x + 2,
				view.left + view.plot - context.measureText(text).width), 10);
		}
	}

	function drawArrow(context, x1, y1, x2, y2) {
		const angle = Math.atan2(y2 - y1, x2 - x1);

		context.beginPath();
		context.moveTo(x1, y1);
		context.lineTo(x2, y2);
		for (const side of [0.4, -0.4]) {
			context.moveTo(x2, y2);
			context.lineTo(x2 - 7 * Math.cos(angle + side), y2 - 7 * Math.sin(angle + side));
		}
		context.stroke();
	}

	/* Who woke whom: of those that are seen, the longest waits. */
	function drawArrows(context, model, view) {
		const scale = view.plot / (view.to - view.from);
		let seen = model.arrows.filter((arrow) => arrow.to >= view.from &&
			arrow.from <= view.to && view.rowOf.has(arrow.woken) && view.rowOf.has(arrow.waker));

		seen = seen.filter((arrow) => arrow.waited * scale >= 4);
		if (seen.length > MOST_ARROWS)
			seen = seen.sort((a, b) => b.waited - a.waited).slice(0, MOST_ARROWS);
		context.strokeStyle = view.ink;
		context.lineWidth = 1;
		context.globalAlpha = 0.7;
		for (const arrow of seen) {
			const y = (number) => AXIS + view.rowOf.get(number) * ROW + ROW / 2 - view.top;

			drawArrow(context, view.left + (arrow.from - view.from) * scale, y(arrow.waker),
				view.left + (arrow.to - view.from) * scale, y(arrow.woken));
		}
		context.globalAlpha = 1;
	}

	function drawMarks(context, view, height) {
		const scale = view.plot / (view.to - view.from);
		const at = (time) => view.left + (time - view.from) * scale;

		if (view.mark !== null) {
			context.strokeStyle = view.accent;
			context.lineWidth = 2;
			context.beginPath();
			context.moveTo(at(view.mark), 0);
			context.lineTo(at(view.mark), height);
			context.stroke();
		}
		if (view.selected) {
			const {thread, from, to} = view.selected, row = view.rowOf.get(thread.number);

			context.strokeStyle = view.accent;
			context.lineWidth = 2;
			if (row !== undefined)
				context.strokeRect(at(from), AXIS + row * ROW - view.top + 1,
					Math.max((to - from) * scale, 2), ROW - 2);
		}
		if (view.chosen) {
			context.fillStyle = view.accent;
			context.globalAlpha = 0.25;
			context.fillRect(Math.min(...view.chosen), 0,
				Math.abs(view.chosen[1] - view.chosen[0]), height);
			context.globalAlpha = 1;
		}
	}

	/* view: from, to (times), top (pixels scrolled), left, plot (widths), rows, rowOf, and looks. */
	function draw(context, model, view, width, height) {
		const first = Math.max(Math.floor(view.top / ROW), 0);
		const last = Math.min(Math.ceil((view.top + height - AXIS) / ROW), view.rows.length);

		context.clearRect(0, 0, width, height);
		context.textBaseline = 'middle';
		drawAxis(context, view, height);
		context.save();
		context.beginPath();
		context.rect(0, AXIS, width, height - AXIS);
		context.clip();
		for (let i = first; i < last; i++) {
			const row = view.rows[i], y = AXIS + i * ROW - view.top;

			drawName(context, row, view, y + ROW / 2);
			if (row.thread)
				drawLane(context, model, row.thread, view, y);
		}
		context.beginPath();
		context.rect(view.left, AXIS, view.plot, height - AXIS);
		context.clip();
		if (view.arrows)
			drawArrows(context, model, view);
		drawMarks(context, {...view, chosen: null, mark: null}, height);
		context.restore();
		drawMarks(context, {...view, selected: null}, height);
	}

	Object.assign(conctrace, {draw, ROW, AXIS});
}
