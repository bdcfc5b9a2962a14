import { h, number } from '../dom.js';
import { state, onUpdate } from '../live.js';
import { Grid } from '../grid.js';
import { confirm } from '../dialog.js';
import { ask } from '../api.js';

export const name = 'processes';
export const title = 'Processes';

const figure = (key, title, width = 'w2') => ({ key, title, width, number: true, text: row => row[key] ? number(row[key]) : '' });

const columns = [
  { key: 'pid', title: 'PID', width: 'w1', number: true, text: row => String(row.pid) },
  { key: 'parent', title: 'Parent', width: 'w1', number: true, text: row => row.parent ? String(row.parent) : '' },
  { key: 'name', title: 'Name', width: 'w4', text: row => '  '.repeat(row.level ? row.level - 1 : 0) + (row.expanded === undefined ? '' : row.expanded ? '▾ ' : '▸ ') + row.name },
  { key: 'state', title: 'State', width: 'w3', text: row => row.state, className: row => row.state },
  { key: 'waitsFor', title: 'Waits for', width: 'w3', text: row => row.waitsFor },
  { key: 'kind', title: 'Kind', width: 'w2', text: row => row.kind },
  { key: 'model', title: 'Model', width: 'w3', text: row => row.model },
  { key: 'priority', title: 'Prio', width: 'w1', number: true, text: row => String(row.priority) },
  { key: 'class', title: 'Class', width: 'w2', text: row => row.class },
  { key: 'contextUsed', title: 'Context', width: 'w3', number: true, text: row => row.contextMax ? `${number(row.contextUsed)} / ${number(row.contextMax)}` : '' },
  { key: 'kv', title: 'KV', width: 'w3', text: row => row.kv ? `${row.kv} ${number(row.cells)}` : '' },
  figure('prefillRate', 'Prefill/s'),
  figure('decodeRate', 'Decode/s'),
  figure('firstTokenMs', 'TTFT ms'),
  figure('queueMs', 'Queue ms'),
  { key: 'budgetUsed', title: 'Budget', width: 'w3', number: true, text: row => `${number(row.budgetUsed)} / ${number(row.budget)}` },
  figure('preemptions', 'Preempted'),
  figure('faults', 'Faults'),
  figure('tokens', 'Tokens'),
  figure('turns', 'Turns', 'w1'),
  figure('mailbox', 'Mail', 'w1'),
  { key: 'owner', title: 'Owner', width: 'w2', text: row => row.owner },
];

const folded = new Set();

export function show(main) {
  const filter = h('input', { type: 'search', 'aria-label': 'Filter by name, state, model or owner', placeholder: 'Filter', input: () => draw() });
  const tree = h('input', { type: 'checkbox', id: 'tree', change: () => { grid.setOrder(tree.checked ? ordered : null); grid.element.setAttribute('role', tree.checked ? 'treegrid' : 'grid'); draw(); } });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const buttons = Object.entries(actions).map(([key, action]) => h('button', { type: 'button', disabled: true, 'aria-keyshortcuts': key, class: action.danger ? 'danger' : '', click: () => act(action) }, action.label));
  const details = h('button', { type: 'button', disabled: true, click: () => open(grid.selected) }, 'Trace');
  const grid = new Grid({
    label: 'Processes', columns, sort: 'pid', descending: true, onOpen: open,
    onSelect: row => { for (const button of [...buttons, details]) { button.disabled = !row; } },
    onKey: event => key(event),
  });
  main.append(h('div', { class: 'bar' }, filter, h('label', { for: 'tree' }, tree, ' Tree'), ...buttons, details), problem, grid.element);
  draw();
  return onUpdate(draw);

  function draw() {
    const words = filter.value.toLowerCase();
    const rows = [...state.rows.values()].filter(row => !words || [row.name, row.state, row.model, row.owner, String(row.pid)].some(text => text.toLowerCase().includes(words)));
    grid.show(rows.map(row => ({ ...row, id: row.pid })));
  }

  function key(event) {
    const row = grid.selected;
    const action = actions[event.key];
    if (row && action && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      act(action);
      return true;
    }
    if (row && tree.checked && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      if (event.key === 'ArrowLeft') { folded.add(row.pid); } else { folded.delete(row.pid); }
      draw();
      return true;
    }
    return false;
  }

  async function act(action) {
    const row = grid.selected;
    if (!row) {
      return;
    }
    const answer = await confirm({ title: `${action.label} process ${row.pid}?`, text: `${row.name} (${row.kind}, ${row.state}): ${action.text}`, action: action.label, field: action.field ?? null, danger: action.danger });
    grid.element.focus();
    if (answer === null) {
      return;
    }
    problem.textContent = '';
    try {
      await ask(`processes/${row.pid}/${action.path}`, 'POST', action.body(answer));
    } catch (error) {
      problem.textContent = error.message;
    }
  }
}

const actions = {
  k: { label: 'Kill', path: 'kill', danger: true, text: 'it ends for good, in the middle of a turn too.', body: () => ({ reason: 'killed from the dashboard' }) },
  s: { label: 'Suspend', path: 'suspend', text: 'it stops; a turn under way starts anew when it is resumed.', body: () => ({ reason: 'suspended from the dashboard' }) },
  r: { label: 'Resume', path: 'resume', text: 'it goes on.', body: () => undefined },
  n: { label: 'Nice', path: 'nice', text: 'its priority is changed by a number; more is less urgent.', field: { label: 'Change by', type: 'number', value: '1' }, body: answer => ({ delta: Number.parseInt(answer, 10) || 0 }) },
};

function open(row) {
  if (row) {
    location.hash = `#/trace/${row.pid}`;
  }
}

/** The rows as a tree: each after its parent. */
function ordered(rows) {
  const children = new Map();
  const known = new Set(rows.map(row => row.pid));
  for (const row of rows) {
    const parent = known.has(row.parent) && row.parent !== row.pid ? row.parent : 0;
    children.set(parent, [...children.get(parent) ?? [], row]);
  }
  const found = [];
  const visit = (pid, level) => {
    for (const row of (children.get(pid) ?? []).sort((one, other) => one.pid - other.pid)) {
      const isParent = children.has(row.pid);
      found.push({ ...row, level, expanded: isParent ? !folded.has(row.pid) : undefined });
      if (isParent && !folded.has(row.pid)) {
        visit(row.pid, level + 1);
      }
    }
  };
  visit(0, 1);
  return found;
}
