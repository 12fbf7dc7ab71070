'use strict';
/*
 * The page is complete without this: the script only makes it handier. Text of the program goes
 * into text nodes and attributes, never into markup. All files of this folder are one script.
 */
const conctrace = {};

{
	const MOST_JUMPS = 1000;

	/* element('button', {class: 'x', onclick: f}, 'text', child) */
	function element(tag, properties, ...children) {
		const made = document.createElement(tag);

		for (const [key, value] of Object.entries(properties || {})) {
			if (key.startsWith('on'))
				made.addEventListener(key.slice(2), value);
			else if (value !== false && value !== null && value !== undefined)
				made.setAttribute(key, value === true ? '' : value);
		}
		made.append(...children);
		return made;
	}

	function isDark() {
		const chosen = document.documentElement.dataset.theme;

		return chosen ? chosen === 'dark'
			: matchMedia('(prefers-color-scheme: dark)').matches;
	}

	/* A page that was opened from a file may not be allowed to remember anything. */
	function remember(theme) {
		try {
			localStorage.setItem('conctrace-theme', theme);
		} catch (error) {
			return;
		}
	}

	function remembered() {
		try {
			return localStorage.getItem('conctrace-theme');
		} catch (error) {
			return null;
		}
	}

	function setUpTheme() {
		const chosen = remembered();
		const button = element('button', {
			type: 'button', class: 'theme-button', onclick: () => change(!isDark()),
		});

		function show() {
			button.textContent = isDark() ? 'Light colours' : 'Dark colours';
			document.dispatchEvent(new Event('conctrace-theme'));
		}
		function change(dark) {
			document.documentElement.dataset.theme = dark ? 'dark' : 'light';
			remember(document.documentElement.dataset.theme);
			show();
		}
		if (chosen === 'dark' || chosen === 'light')
			document.documentElement.dataset.theme = chosen;
		matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show);
		(document.querySelector('header') || document.body).prepend(button);
		show();
	}

	/* What a cell is sorted by: data-v if it has one, else a number that it begins with. */
	function sortKey(row, column) {
		const cell = row.cells[column];
		const text = cell ? cell.dataset.v || cell.textContent.trim() : '';
		const number = parseFloat(text.replace(/,/g, ''));

		return {text, number};
	}

	function compareKeys(a, b) {
		const numbers = [a, b].filter((key) => !Number.isNaN(key.number)).length;

		if (numbers === 2 && a.number !== b.number)
			return a.number - b.number;
		if (numbers === 1)
			return Number.isNaN(a.number) ? -1 : 1;
		return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
	}

	function sortTable(table, header) {
		const column = header.cellIndex;
		const down = header.getAttribute('aria-sort') !== 'descending';
		const body = table.tBodies[0];
		const rows = [...body.rows].map((row) => ({row, key: sortKey(row, column)}));

		rows.sort((a, b) => down ? compareKeys(b.key, a.key) : compareKeys(a.key, b.key));
		for (const other of header.parentElement.cells)
			other.removeAttribute('aria-sort');
		header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
		body.append(...rows.map((entry) => entry.row));
	}

	function setUpTable(table) {
		if (!table.tHead || !table.tBodies.length || table.tBodies[0].rows.length < 2)
			return;
		for (const header of table.tHead.rows[0].cells) {
			const button = element('button', {
				type: 'button', class: 'sort-button',
				title: 'Sort by this column', onclick: () => sortTable(table, header),
			});

			button.append(...header.childNodes);
			header.append(button);
		}
	}

	/* Places of findings that have a time (data-t, seconds) lead to it. */
	function setUpJumps(timeline) {
		const places = [...document.querySelectorAll('[data-t]')].slice(0, MOST_JUMPS);

		for (const place of places) {
			const seconds = parseFloat(place.dataset.t);

			if (Number.isNaN(seconds))
				continue;
			place.append(' ', element('button', {
				type: 'button', class: 'jump-button',
				onclick: () => timeline.jump(seconds * 1e9, Number(place.dataset.thread)),
			}, 'show in the timeline'));
		}
	}

	function setUp() {
		const data = document.getElementById('timeline-data');
		const view = document.getElementById('timeline-view');

		setUpTheme();
		document.querySelectorAll('table.sortable').forEach(setUpTable);
		if (!data || !view)
			return;
		/* After the first paint: what is above the timeline is read first. */
		setTimeout(() => {
			const model = conctrace.decode(JSON.parse(data.textContent));

			conctrace.timeline = conctrace.showTimeline(model, view);
			setUpJumps(conctrace.timeline);
		}, 0);
	}

	conctrace.element = element;
	conctrace.isDark = isDark;
	document.addEventListener('DOMContentLoaded', setUp);
}
