import { h, time } from '../dom.js';
import { Grid } from '../grid.js';
import { ask } from '../api.js';

export const name = 'audit';
export const title = 'Audit';

/** Who did what. */
export function show(main) {
  const pid = h('input', { type: 'search', placeholder: 'PID or name', 'aria-label': 'Process' });
  const syscall = h('input', { type: 'search', placeholder: 'Syscall', 'aria-label': 'Syscall' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const verdict = h('span', { role: 'status', class: 'dim' });
  const older = h('button', { type: 'button', click: () => load(true) }, 'Older');
  let items = [];
  let next = null;
  const grid = new Grid({
    label: 'Audit log', sort: 'sequence', descending: true,
    columns: [
      { key: 'sequence', title: 'Nr', width: 'w2', number: true, text: row => String(row.sequence) },
      { key: 'at', title: 'Time', width: 'w2', text: row => time(row.at) },
      { key: 'principal', title: 'Who', width: 'w3', text: row => row.principal },
      { key: 'source', title: 'From', width: 'w1', number: true, value: row => row.source ?? 0, text: row => row.source === null ? '' : String(row.source) },
      { key: 'destination', title: 'To', width: 'w1', number: true, value: row => row.destination ?? 0, text: row => row.destination === null ? '' : String(row.destination) },
      { key: 'syscall', title: 'Syscall', width: 'w3', text: row => row.syscall },
      { key: 'result', title: 'Result', width: 'w4', text: row => row.result },
      { key: 'arguments', title: 'Arguments', width: 'w6', text: row => row.arguments },
    ],
  });
  main.append(h('form', { class: 'bar', submit: event => { event.preventDefault(); load(false); } }, pid, syscall, h('button', { type: 'submit' }, 'Show'), older, h('button', { type: 'button', click: verify }, 'Verify'), verdict), problem, grid.element);
  load(false);

  async function load(more) {
    try {
      const query = new URLSearchParams({ limit: '200' });
      for (const [key, value] of [['pid', pid.value], ['syscall', syscall.value], ['cursor', more ? next : '']]) {
        if (value) {
          query.set(key, value);
        }
      }
      const page = await ask(`audit?${query}`);
      items = more ? [...items, ...page.items] : page.items;
      next = page.next;
      older.disabled = !next;
      grid.show(items.map(item => ({ ...item, id: item.sequence })));
      problem.textContent = '';
    } catch (error) {
      problem.textContent = error.message;
    }
  }

  async function verify() {
    verdict.textContent = 'looking';
    try {
      const found = await ask('audit/verification');
      verdict.textContent = found.intact ? `${found.records} records as they were written` : found.problem;
    } catch (error) {
      verdict.textContent = error.message;
    }
  }
}
