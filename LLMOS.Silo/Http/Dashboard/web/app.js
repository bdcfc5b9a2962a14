import { h, number, bytes, setText } from './dom.js';
import { connect, onUpdate, state } from './live.js';
import { tell } from './dialog.js';
import * as processes from './views/processes.js';
import * as timeline from './views/timeline.js';
import * as messages from './views/messages.js';
import * as trace from './views/trace.js';
import * as memory from './views/memory.js';
import * as files from './views/files.js';
import * as audit from './views/audit.js';
import * as models from './views/models.js';

const views = { processes, timeline, messages, trace, memory, files, audit, models };
const main = document.getElementById('main');
const connection = document.getElementById('connection');
let leave = () => {};

function show() {
  const [name, ...rest] = location.hash.replace(/^#\/?/, '').split('/');
  const view = views[name] ?? processes;
  leave();
  main.replaceChildren();
  leave = view.show(main, rest.map(decodeURIComponent)) ?? (() => {});
  for (const link of document.querySelectorAll('#views a')) {
    if (link.dataset.view === view.name) {
      link.setAttribute('aria-current', 'page');
    } else {
      link.removeAttribute('aria-current');
    }
  }
  document.title = `${view.title} – LLMOS`;
}

document.getElementById('views').append(...Object.values(views).map((view, i) =>
  h('li', {}, h('a', { href: `#/${view.name}`, 'data-view': view.name, 'aria-keyshortcuts': String(i + 1) }, view.title))));

const figures = new Map();
for (const name of ['decode tok/s', 'prefill tok/s', 'batch', 'KV pool', 'switches/s', 'processes', 'hits', 'devices']) {
  const value = h('dd', {}, '–');
  figures.set(name, value);
  document.getElementById('figures').append(h('div', {}, h('dt', {}, name), value));
}

function drawHeader() {
  const header = state.header;
  setText(figures.get('decode tok/s'), number(header.decodeRate));
  setText(figures.get('prefill tok/s'), number(header.prefillRate));
  setText(figures.get('batch'), `${number(header.batch)} of ${number(header.batchMax)}`);
  setText(figures.get('KV pool'), `${number(header.cellsUsed)} of ${number(header.cellsTotal)} cells`);
  setText(figures.get('switches/s'), number(header.switches));
  setText(figures.get('processes'), number(header.processes));
  const levels = new Map();
  for (const level of state.memory.flatMap(silo => silo.levels)) {
    const sum = levels.get(level.name) ?? [0, 0];
    levels.set(level.name, [sum[0] + level.hits, sum[1] + level.hits + level.misses]);
  }
  setText(figures.get('hits'), [...levels].filter(([, [, all]]) => all > 0).map(([name, [hits, all]]) => `${name} ${Math.round(100 * hits / all)} %`).join(', ') || '–');
  setText(figures.get('devices'), state.devices.map(device => `${device.device} ${bytes(device.memoryTotal - device.memoryFree)} of ${bytes(device.memoryTotal)}`).join(', ') || '–');
  document.documentElement.dataset.updates = String(state.updates);
}

const themes = ['auto', 'light', 'dark'];
const themeButton = document.getElementById('theme');
function setTheme(theme) {
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  localStorage.setItem('llmos.theme', theme);
  setText(themeButton, `Theme: ${theme}`);
}
themeButton.addEventListener('click', () => setTheme(themes[(themes.indexOf(localStorage.getItem('llmos.theme') ?? 'auto') + 1) % themes.length]));
setTheme(themes.includes(localStorage.getItem('llmos.theme')) ? localStorage.getItem('llmos.theme') : 'auto');

function help() {
  const keys = [...Object.values(views).map((view, i) => [String(i + 1), view.title]), ['/', 'Filter or search'], ['↑ ↓ Page Home End', 'Move in a table'], ['← →', 'Fold and unfold in the tree'], ['Enter', 'Open what is selected'],
    ['k s r n', 'Kill, suspend, resume, nice the selected process'], ['?', 'These keys']];
  tell('Keys', h('dl', {}, ...keys.map(([key, meaning]) => h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, meaning)))));
}
document.getElementById('help').addEventListener('click', help);
document.addEventListener('keydown', event => {
  if (event.target.closest('input, select, textarea, dialog') || event.ctrlKey || event.metaKey || event.altKey) {
    return;
  }
  const view = Object.values(views)[Number(event.key) - 1];
  if (view) {
    location.hash = `#/${view.name}`;
    main.focus();
  } else if (event.key === '/') {
    event.preventDefault();
    main.querySelector('input')?.focus();
  } else if (event.key === '?') {
    help();
  }
});

addEventListener('hashchange', show);
let drawing = false;
onUpdate(() => {
  if (!drawing) {
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      drawHeader();
    });
  }
});
show();
connect(how => {
  setText(connection, how === 'live' ? 'live' : 'connection lost, trying again');
  connection.dataset.state = how;
});
