/* The timeline's buttons, keys and pointers. */
{
	const {element, ZOOM} = conctrace;
	const CLICK = 4; /* pixels: what moves less is no drag */
	const HELP = [
		['+  \u2212', 'zoom in and out; the wheel does, after a click, or with Ctrl'],
		['\u2190  \u2192', 'move; so does dragging'],
		['\u2191  \u2193', 'select in the lane above or below'],
		[', .', 'select what came before or after'],
		['Shift and drag', 'zoom to a range; so does dragging on the axis'],
		['0', 'the whole time; so does a double click'],
		['Home  End', 'the beginning and the end'],
		['/', 'search'],
		['n  N', 'the next and the previous that was found'],
		['a', 'arrows of who woke whom'],
		['Esc', 'select nothing, close the help'],
		['?', 'this help'],
	];

	function button(text, label, onclick) {
		return element('button', {type: 'button', 'aria-label': label, title: label, onclick}, text);
	}

	function labelled(text, control) {
		return element('label', {}, text + ' ', control);
	}

	function processSelect(model) {
		const names = [...new Set(model.threads.map((thread) => thread.process))];
		const select = element('select', {class: 'tl-process'},
			element('option', {value: ''}, 'all'));

		for (const name of names)
			select.append(element('option', {value: name}, name));
		return {select, several: names.length > 1};
	}

	function helpBox() {
		const list = element('dl', {});

		for (const [keys, meaning] of HELP)
			list.append(element('dt', {}, keys), element('dd', {}, meaning));
		return element('div', {class: 'tl-help', role: 'note', hidden: true}, list);
	}

	function makeParts(model) {
		const {select, several} = processSelect(model);
		const parts = {
			canvas: element('canvas', {tabindex: '0', role: 'application',
				'aria-label': 'Timeline of ' + model.threads.length +
					' threads; press ? for the keys'}),
			space: element('div', {class: 'tl-space'}),
			scroll: element('div', {class: 'tl-scroll'}),
			tip: element('div', {class: 'tl-tip', hidden: true}),
			told: element('p', {class: 'tl-told', role: 'status', 'aria-live': 'polite'}),
			range: element('output', {class: 'tl-range'}),
			lanes: element('output', {class: 'tl-lanes'}),
			hits: element('output', {class: 'tl-hits'}),
			find: element('input', {type: 'search', class: 'tl-find',
				placeholder: 'thread, lock, place \u2026'}),
			name: element('input', {type: 'search', class: 'tl-name', placeholder: 'name'}),
			idle: element('input', {type: 'checkbox', class: 'tl-idle'}),
			arrows: element('input', {type: 'checkbox', class: 'tl-arrows', checked: true}),
			process: select, help: helpBox(), several,
		};

		parts.space.append(parts.canvas);
		parts.scroll.append(parts.space);
		return parts;
	}

	function addTools(parts, timeline) {
		const step = (by) => () => timeline().step(by);
		const zoom = element('span', {class: 'tl-group'},
			button('\u2212', 'zoom out', () => timeline().zoom(ZOOM)),
			button('+', 'zoom in', () => timeline().zoom(1 / ZOOM)),
			button('All', 'the whole time', () => timeline().reset()), ' ', parts.range);
		const find = element('span', {class: 'tl-group'}, labelled('Search', parts.find),
			button('\u2191', 'previous', step(-1)), button('\u2193', 'next', step(1)), parts.hits);
		const filter = element('span', {class: 'tl-group'});

		if (parts.several)
			filter.append(labelled('Process', parts.process));
		filter.append(labelled('Threads', parts.name),
			element('label', {}, parts.idle, ' hide idle'),
			element('label', {}, parts.arrows, ' arrows'), parts.lanes);
		const help = button('?', 'keys', () => toggleHelp(parts));

		parts.box = element('div', {class: 'tl-box'},
			element('div', {class: 'tl-tools', role: 'toolbar', 'aria-label': 'Timeline'},
				zoom, find, filter, help),
			parts.help, parts.scroll, parts.tip, parts.told);
	}

	function toggleHelp(parts) {
		parts.help.hidden = !parts.help.hidden;
	}

	function setUpFields(parts, timeline) {
		let waiting = 0;

		parts.find.addEventListener('input', () => {
			clearTimeout(waiting);
			waiting = setTimeout(() => timeline.search(parts.find.value), 120);
		});
		parts.find.addEventListener('keydown', (event) => {
			if (event.key !== 'Enter')
				return;
			clearTimeout(waiting);
			if (timeline.at < 0)
				timeline.search(parts.find.value);
			timeline.step(event.shiftKey ? -1 : 1);
		});
		for (const field of [parts.process, parts.name, parts.idle, parts.arrows])
			field.addEventListener('input', () => timeline.filter());
		parts.scroll.addEventListener('scroll', () => timeline.redraw());
		document.addEventListener('conctrace-theme', () => timeline.setUpColours());
		new ResizeObserver(() => timeline.redraw()).observe(parts.scroll);
	}

	function clear(parts, timeline) {
		parts.help.hidden = true;
		parts.told.textContent = '';
		timeline.view.selected = timeline.view.mark = null;
		timeline.redraw();
	}

	function setUpKeys(parts, timeline) {
		const whole = timeline.model.wall;
		const span = () => timeline.view.to - timeline.view.from;
		const actions = {
			'+': () => timeline.zoom(1 / ZOOM), '=': () => timeline.zoom(1 / ZOOM),
			'-': () => timeline.zoom(ZOOM), '0': () => timeline.reset(),
			ArrowLeft: () => timeline.pan(-0.2), ArrowRight: () => timeline.pan(0.2),
			ArrowUp: () => timeline.stepLane(-1), ArrowDown: () => timeline.stepLane(1),
			',': () => timeline.stepItem(-1), '.': () => timeline.stepItem(1),
			Home: () => timeline.setRange(0, span()),
			End: () => timeline.setRange(whole - span(), whole),
			'/': () => parts.find.focus(), n: () => timeline.step(1), N: () => timeline.step(-1),
			a: () => {
				parts.arrows.checked = !parts.arrows.checked;
				timeline.filter();
			},
			'?': () => toggleHelp(parts), Escape: () => clear(parts, timeline),
		};

		parts.canvas.addEventListener('keydown', (event) => {
			if (event.ctrlKey || event.metaKey || event.altKey || !actions[event.key])
				return;
			event.preventDefault();
			actions[event.key]();
		});
	}

	/* Beside the pointer, within the box. */
	function showTip(parts, text, x, y) {
		parts.tip.hidden = !text;
		parts.tip.textContent = text;
		if (!text)
			return;
		const room = parts.box.clientWidth - parts.tip.offsetWidth - 4;

		parts.tip.style.left = Math.max(Math.min(x + 14, room), 0) + 'px';
		parts.tip.style.top = parts.scroll.offsetTop + y + 18 + 'px';
	}

	function textAt(timeline, x, y) {
		const hit = timeline.hit(x, y);

		if (!hit)
			return '';
		return hit.item < 0 ? hit.thread.name
			: conctrace.describe(timeline.model, hit.thread, hit.item);
	}

	function drag(timeline, start, event) {
		const {view} = timeline, moved = event.offsetX - start.x;

		if (Math.abs(moved) < CLICK && !start.dragged)
			return;
		start.dragged = true;
		if (start.choosing) {
			view.chosen = [start.x, event.offsetX];
			timeline.redraw();
		} else {
			const shift = moved / view.plot * (start.to - start.from);

			timeline.setRange(start.from - shift, start.to - shift);
		}
	}

	function drop(timeline, start, event) {
		const {view} = timeline;

		if (view.chosen) {
			const [a, b] = view.chosen.map((x) => timeline.timeAt(x)).sort((x, y) => x - y);

			view.chosen = null;
			timeline.setRange(a, b);
		} else if (!start.dragged) {
			const hit = timeline.hit(event.offsetX, event.offsetY);

			if (hit)
				timeline.selectItem(hit.thread, Math.max(hit.item, 0));
		}
	}

	function setUpPointer(parts, timeline) {
		const {canvas} = parts, {view} = timeline;
		let start = null;

		canvas.addEventListener('pointerdown', (event) => {
			if (event.button !== 0)
				return;
			start = {
				x: event.offsetX, from: view.from, to: view.to, dragged: false,
				choosing: event.shiftKey || event.offsetY < conctrace.AXIS,
			};
			canvas.setPointerCapture(event.pointerId);
		});
		canvas.addEventListener('pointermove', (event) => {
			if (start)
				drag(timeline, start, event);
			showTip(parts, start && start.dragged ? ''
				: textAt(timeline, event.offsetX, event.offsetY), event.offsetX, event.offsetY);
		});
		canvas.addEventListener('pointerup', (event) => {
			if (start)
				drop(timeline, start, event);
			start = null;
		});
		canvas.addEventListener('pointercancel', () => {
			start = view.chosen = null;
		});
		canvas.addEventListener('pointerleave', () => showTip(parts, ''));
		canvas.addEventListener('dblclick', () => timeline.reset());
		canvas.addEventListener('wheel', (event) => {
			if (!event.ctrlKey && document.activeElement !== canvas)
				return;
			event.preventDefault();
			if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
				timeline.pan((event.deltaX || event.deltaY) / 600);
			else
				timeline.zoom(ZOOM ** (event.deltaY / 100), timeline.timeAt(event.offsetX));
		}, {passive: false});
	}

	/* In place of the still picture, which stays for paper. */
	function showTimeline(model, container) {
		const parts = makeParts(model);
		let timeline = null;

		addTools(parts, () => timeline);
		container.classList.add('tl-live');
		container.append(parts.box);
		timeline = new conctrace.Timeline(model, parts);
		setUpFields(parts, timeline);
		setUpKeys(parts, timeline);
		setUpPointer(parts, timeline);
		return timeline;
	}

	conctrace.showTimeline = showTimeline;
}
