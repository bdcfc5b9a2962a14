import { h, bytes, time } from '../dom.js';
import { ask } from '../api.js';

export const name = 'files';
export const title = 'Files';

/** VectorFS: directories, contents, versions, and search by meaning. */
export function show(main, parts) {
  const path = '/' + parts.join('/');
  const search = h('input', { type: 'search', placeholder: 'Search by meaning', 'aria-label': 'Search files by meaning' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const list = h('ul', { class: 'files', 'aria-label': 'Files' });
  const more = h('button', { type: 'button', hidden: true }, 'More');
  const content = h('pre', { tabindex: '0', 'aria-label': 'Content' });
  const about = h('p', { class: 'dim' });
  const versions = h('div', { class: 'bar' });
  main.append(
    h('form', { class: 'bar', submit: event => { event.preventDefault(); guard(find); } }, h('nav', { 'aria-label': 'Path' }, ...crumbs(parts)), search, h('button', { type: 'submit' }, 'Search')),
    problem,
    h('div', { class: 'split' }, h('div', {}, list, more), h('div', {}, about, versions, h('div', { class: 'panel' }, content))));
  guard(() => load(null));

  async function load(cursor) {
    const page = await ask(`files?path=${encodeURIComponent(path)}&limit=200${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    if (page.items.length === 1 && page.items[0].path === path && page.items[0].kind === 'file') {
      await open(page.items[0].path);
      return;
    }
    list.append(...page.items.map(file => entry(file.path, file.path.split('/').at(-1) + (file.kind === 'directory' ? '/' : ''), file.kind, file.kind === 'file' ? bytes(file.length) : '')));
    more.hidden = !page.next;
    more.onclick = () => guard(() => load(page.next));
  }

  async function find() {
    const found = await ask(`files/search?query=${encodeURIComponent(search.value)}&path=${encodeURIComponent(path)}&limit=50`);
    list.replaceChildren(...found.items.map(match => entry(match.path, `${match.path}:${match.line} ${match.text.slice(0, 120)}`, match.kind, match.similarity.toFixed(2))));
    more.hidden = true;
    about.textContent = `${found.items.length} places found.`;
  }

  async function open(file, version = null) {
    const [text, history] = await Promise.all([ask(`files/content?path=${encodeURIComponent(file)}${version ? `&version=${version}` : ''}`), ask(`files/history?path=${encodeURIComponent(file)}`).catch(() => ({ items: [] }))]);
    content.textContent = text;
    about.textContent = version ? `${file}, version ${version}` : file;
    versions.replaceChildren(...history.items.slice(-20).map(one => h('button', { type: 'button', title: `${one.change} by ${one.author}`, click: () => guard(() => open(file, one.version)) }, `${one.version} (${time(one.at)})`)));
  }

  function entry(file, text, kind, size) {
    return h('li', {}, h('button', { type: 'button', click: () => { if (kind === 'directory') { location.hash = '#/files' + file.split('/').map(encodeURIComponent).join('/'); } else { guard(() => open(file)); } } }, h('span', {}, text), h('span', { class: 'size' }, size)));
  }

  async function guard(work) {
    try {
      problem.textContent = '';
      await work();
    } catch (error) {
      problem.textContent = error.message;
    }
  }
}

function crumbs(parts) {
  const names = parts.filter(part => part);
  return [h('a', { href: '#/files' }, '/'), ...names.map((part, i) => h('a', { href: '#/files/' + names.slice(0, i + 1).map(encodeURIComponent).join('/') }, part))];
}
