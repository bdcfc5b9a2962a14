import { h, s, time } from '../dom.js';
import { state } from '../live.js';
import { Grid } from '../grid.js';
import { ask } from '../api.js';

export const name = 'messages';
export const title = 'Messages';

const nodes = 20;
const label = pid => `${pid}${state.rows.get(pid) ? ' ' + state.rows.get(pid).name : ''}`;

/** The flow of messages: who wrote to whom how often lately, and the messages. */
export function show(main) {
  const chart = s('svg', { class: 'chart flow', role: 'img', 'aria-label': 'Who writes to whom', viewBox: '0 0 900 260' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const text = h('pre', { tabindex: '0', 'aria-label': 'The selected message' });
  const filter = h('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter messages', input: () => draw() });
  const grid = new Grid({
    label: 'Messages', sort: 'sequence', descending: true,
    columns: [
      { key: 'sequence', title: 'Nr', width: 'w1', number: true, text: row => String(row.sequence) },
      { key: 'at', title: 'Time', width: 'w2', text: row => time(row.at) },
      { key: 'from', title: 'From', width: 'w4', text: row => label(row.from) },
      { key: 'to', title: 'To', width: 'w4', text: row => label(row.to) },
      { key: 'type', title: 'Type', width: 'w3', text: row => row.type },
      { key: 'state', title: 'State', width: 'w3', text: row => row.state },
      { key: 'text', title: 'Text', width: 'w6', text: row => row.text.replace(/\s+/g, ' ').slice(0, 200) },
    ],
    onSelect: row => { text.textContent = row ? `${row.text}${row.reason ? `\n\n${row.reason}` : ''}` : ''; },
    onOpen: row => { location.hash = `#/trace/${row.to}`; },
  });
  let items = [];
  let stopped = false;
  main.append(h('div', { class: 'bar' }, filter), problem, h('div', {}, chart), h('h3', {}, 'Messages'), grid.element, h('div', { class: 'panel' }, text));
  poll();
  return () => { stopped = true; };

  async function poll() {
    while (!stopped) {
      try {
        const page = await ask('messages?limit=500');
        if (page.items[0]?.sequence !== items[0]?.sequence || page.items.some((item, i) => item.state !== items[i]?.state)) {
          items = page.items;
          draw();
        }
        problem.textContent = '';
      } catch (error) {
        problem.textContent = error.message;
      }
      await new Promise(resolve => setTimeout(resolve, 1000));
    }
  }

  function draw() {
    const words = filter.value.toLowerCase();
    grid.show(items.filter(item => !words || [item.text, item.type, item.state, label(item.from), label(item.to)].some(part => part.toLowerCase().includes(words))).map(item => ({ ...item, id: item.sequence })));
    const counts = new Map();
    const edges = new Map();
    for (const item of items) {
      counts.set(item.from, (counts.get(item.from) ?? 0) + 1);
      counts.set(item.to, (counts.get(item.to) ?? 0) + 1);
      const key = `${item.from}>${item.to}`;
      edges.set(key, { from: item.from, to: item.to, count: (edges.get(key)?.count ?? 0) + 1 });
    }
    const shown = [...counts].sort((one, other) => other[1] - one[1]).slice(0, nodes).map(([pid]) => pid).sort((one, other) => one - other);
    const place = new Map(shown.map((pid, i) => [pid, 30 + (i + 0.5) * 840 / shown.length]));
    const parts = [];
    for (const { from, to, count } of edges.values()) {
      if (place.has(from) && place.has(to)) {
        const [a, b] = [place.get(from), place.get(to)];
        parts.push(s('path', { class: 'edge', 'stroke-width': Math.min(8, 1 + Math.log2(count)), d: `M${a} 200 C${a} ${200 - Math.min(170, 30 + Math.abs(b - a) / 2)}, ${b} ${200 - Math.min(170, 30 + Math.abs(b - a) / 2)}, ${b} 200` }, s('title', {}, `${label(from)} → ${label(to)}: ${count}`)));
      }
    }
    for (const [pid, x] of place) {
      parts.push(s('circle', { class: 'node', cx: x, cy: 200, r: 5 }), s('text', { x, y: 220, 'text-anchor': 'middle' }, String(pid)), s('text', { x, y: 238, 'text-anchor': 'middle' }, (state.rows.get(pid)?.name ?? '').slice(0, 10)));
    }
    chart.replaceChildren(...parts);
  }
}
