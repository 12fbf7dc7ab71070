/* The timeline that can be zoomed, searched and filtered: state, and what the user does to it. */
{
	const LEAST_SPAN = 20, ZOOM = 1.5, MOST_HEIGHT = 560, NARROW = 600;

	function lanesOf(model, filter) {
		const rows = [], several = new Set(model.threads.map((t) => t.process)).size > 1;
		let process = null;

		for (const thread of model.threads) {
			if (filter.process !== '' && thread.process !== filter.process ||
				!thread.name.toLowerCase().includes(filter.name.toLowerCase()))
				continue;
			if (filter.idle && !conctrace.runs(model, thread, filter.from, filter.to))
				continue;
			if (several && thread.process !== process)
				rows.push({thread: null, process: thread.process});
			process = thread.process;
			rows.push({thread, process});
		}
		return rows;
	}

	class Timeline {
		constructor(model, parts) {
			this.model = model;
			this.parts = parts;
			this.view = {
				from: 0, to: model.wall, top: 0, left: 0, plot: 1, rows: [], rowOf: new Map(),
				matches: null, names: new Set(), selected: null, mark: null, chosen: null,
				arrows: true,
			};
			this.found = [];
			this.at = -1;
			this.drawn = 0;
			this.setUpColours();
			this.filter();
		}

		setUpColours() {
			const style = getComputedStyle(this.parts.box);
			const paper = getComputedStyle(document.body).backgroundColor;

			Object.assign(this.view, {
				dark: conctrace.isDark(), ink: style.color, font: 'system-ui, sans-serif',
				accent: style.accentColor === 'auto' ? '#d6336c' : style.accentColor,
				paper: paper === 'rgba(0, 0, 0, 0)' ? 'Canvas' : paper,
			});
			this.redraw();
		}

		/* At most once a frame. */
		redraw() {
			if (this.pending)
				return;
			this.pending = true;
			requestAnimationFrame(() => {
				this.pending = false;
				this.drawNow();
			});
		}

		drawNow() {
			const {canvas, scroll, range} = this.parts, view = this.view, began = performance.now();
			const width = scroll.clientWidth, height = scroll.clientHeight;
			const dense = devicePixelRatio || 1, context = canvas.getContext('2d');

			if (canvas.width !== Math.round(width * dense) ||
				canvas.height !== Math.round(height * dense)) {
				canvas.width = Math.round(width * dense);
				canvas.height = Math.round(height * dense);
				canvas.style.width = width + 'px';
				canvas.style.height = height + 'px';
			}
			view.left = width < NARROW ? 84 : 160;
			view.plot = Math.max(width - view.left - 8, 1);
			view.top = scroll.scrollTop;
			context.setTransform(dense, 0, 0, dense, 0, 0);
			conctrace.draw(context, this.model, view, width, height);
			range.textContent = conctrace.timeText(view.from) + ' \u2013 ' +
				conctrace.timeText(view.to) + ' of ' + conctrace.timeText(this.model.wall);
			this.drawn++;
			this.drawMs = performance.now() - began;
		}

		filter() {
			const {process, name, idle, arrows, space, lanes, scroll} = this.parts, view = this.view;

			view.arrows = arrows.checked;
			view.rows = lanesOf(this.model, {
				process: process.value, name: name.value, idle: idle.checked,
				from: view.from, to: view.to,
			});
			view.rowOf = new Map();
			view.rows.forEach((row, index) => {
				if (row.thread)
					view.rowOf.set(row.thread.number, index);
			});
			const height = view.rows.length * conctrace.ROW + conctrace.AXIS;

			space.style.height = height + 'px';
			/* and its border */
			scroll.style.height = Math.min(Math.max(height, 80), MOST_HEIGHT) + 2 + 'px';
			lanes.textContent = view.rowOf.size + ' of ' + this.model.threads.length + ' threads';
			this.redraw();
		}

		setRange(from, to) {
			const span = Math.min(Math.max(to - from, LEAST_SPAN), this.model.wall);

			this.view.from = Math.min(Math.max(from, 0), this.model.wall - span);
			this.view.to = this.view.from + span;
			if (this.parts.idle.checked)
				this.filter();
			this.redraw();
		}

		range() {
			return [this.view.from, this.view.to];
		}

		timeAt(x) {
			const {from, to, left, plot} = this.view;

			return from + (x - left) / plot * (to - from);
		}

		/* What is at `time` stays where it is. */
		zoom(factor, time = (this.view.from + this.view.to) / 2) {
			const {from, to} = this.view;
			const span = Math.min(Math.max((to - from) * factor, LEAST_SPAN), this.model.wall);
			const begin = time - (time - from) * span / (to - from);

			this.setRange(begin, begin + span);
		}

		pan(share) {
			const {from, to} = this.view;

			this.setRange(from + (to - from) * share, to + (to - from) * share);
		}

		reset() {
			this.view.mark = null;
			this.setRange(0, this.model.wall);
		}

		/* Scrolls so that a row can be seen. */
		showRow(row) {
			const {scroll} = this.parts, top = row * conctrace.ROW;
			const room = scroll.clientHeight - conctrace.AXIS - conctrace.ROW;

			if (top < scroll.scrollTop || top > scroll.scrollTop + room)
				scroll.scrollTop = Math.max(top - room / 2, 0);
		}

		select(thread, from, to, text) {
			this.view.selected = {thread, from, to};
			this.parts.told.textContent = text;
			this.redraw();
		}

		selectItem(thread, item) {
			const begin = thread.bounds[item], end = thread.bounds[item + 1];

			this.item = item;
			this.select(thread, begin, end, conctrace.describe(this.model, thread, item));
			this.showRow(this.view.rowOf.get(thread.number) || 0);
			if (end < this.view.from || begin > this.view.to)
				this.moveTo(begin, end);
		}

		/* Shows a time in the middle, as near as it is wide. */
		moveTo(from, to) {
			const span = Math.max(this.view.to - this.view.from, (to - from) * 1.2);

			this.setRange((from + to - span) / 2, (from + to + span) / 2);
		}

		search(text) {
			const {view} = this;

			if (!text) {
				Object.assign(view, {matches: null, names: new Set()});
				this.found = [];
			} else {
				const threads = view.rows.filter((row) => row.thread).map((row) => row.thread);
				const result = conctrace.search(this.model, threads, text);

				Object.assign(view, {matches: result.matches, names: result.names});
				this.found = result.found;
			}
			this.at = -1;
			this.parts.hits.textContent = text ? this.found.length + ' found' : '';
			this.redraw();
		}

		/* The next (1) or the previous (-1) of what was found. */
		step(by) {
			const count = this.found.length;

			if (!count)
				return;
			this.at = this.at < 0 && by < 0 ? count - 1 : (this.at + by + count) % count;
			const hit = this.found[this.at], whole = hit.to - hit.from;

			this.selectItem(hit.thread, hit.item);
			if (whole < (this.view.to - this.view.from) / 500)
				this.setRange(hit.from - 25 * whole, hit.to + 25 * whole);
			else if (hit.from < this.view.from || hit.to > this.view.to)
				this.moveTo(hit.from, hit.to);
			this.parts.hits.textContent = (this.at + 1) + ' of ' + count;
		}

		/* From a finding: a moment, and the thread's id if it is known. */
		jump(time, id) {
			const thread = this.model.threads.find((other) => other.id === id);
			const span = Math.min(this.view.to - this.view.from, this.model.wall / 20);

			if (thread && !this.view.rowOf.has(thread.number)) {
				Object.assign(this.parts.name, {value: ''});
				Object.assign(this.parts.process, {value: ''});
				Object.assign(this.parts.idle, {checked: false});
				this.filter();
			}
			this.view.mark = time;
			this.setRange(time - span / 2, time + span / 2);
			if (thread) {
				const item = conctrace.itemAt(thread, time);

				this.selectItem(thread, Math.max(item, 0));
			}
			this.parts.box.scrollIntoView({block: 'start'});
			this.parts.canvas.focus({preventScroll: true});
		}

		/* {thread, item} below a point of the canvas, or null. */
		hit(x, y) {
			const {view} = this;
			const row = view.rows[Math.floor((y - conctrace.AXIS + view.top) / conctrace.ROW)];

			if (y < conctrace.AXIS || !row || !row.thread)
				return null;
			if (x < view.left)
				return {thread: row.thread, item: -1};
			return {thread: row.thread, item: conctrace.itemAt(row.thread, this.timeAt(x))};
		}

		/* The item before (-1) or after (1) the one that is selected. */
		stepItem(by) {
			const {selected} = this.view;

			if (!selected)
				return;
			const last = selected.thread.kinds.length - 1;

			this.selectItem(selected.thread, Math.min(Math.max(this.item + by, 0), last));
		}

		/* The same time in the lane above (-1) or below (1). */
		stepLane(by) {
			const {selected, rows, rowOf, from, to} = this.view;
			const time = selected ? Math.max(selected.from, from) : (from + to) / 2;
			let row = selected && rowOf.has(selected.thread.number)
				? rowOf.get(selected.thread.number) + by : by > 0 ? 0 : rows.length - 1;

			while (rows[row] && !rows[row].thread)
				row += by;
			if (rows[row])
				this.selectItem(rows[row].thread,
					Math.max(conctrace.itemAt(rows[row].thread, time), 0));
		}
	}

	conctrace.ZOOM = ZOOM;
	conctrace.Timeline = Timeline;
}
