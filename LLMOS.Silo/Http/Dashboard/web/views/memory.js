import { h, s, number, bytes, table } from '../dom.js';
import { state, onUpdate } from '../live.js';
import { ask } from '../api.js';

export const name = 'memory';
export const title = 'Memory';

/** The levels of memory of each silo, the KV of each engine, and the pages of a region. */
export function show(main) {
  const levels = h('div', {});
  const pools = h('div', {});
  const input = h('input', { type: 'search', placeholder: '/context/… or a PID', 'aria-label': 'Context region, or the process whose region it is' });
  const pages = h('div', {});
  let drawn = 0;
  main.append(h('h2', {}, 'KV of the engines (L1)'), pools, h('h2', {}, 'Levels'), levels, h('h2', {}, 'Pages of a region'),
    h('form', { class: 'bar', submit: event => { event.preventDefault(); load(); } }, input, h('button', { type: 'submit' }, 'Show')), pages);
  draw();
  return onUpdate(() => { if (performance.now() - drawn > 500) { draw(); } });

  function draw() {
    drawn = performance.now();
    pools.replaceChildren(...(state.engines.length ? state.engines.map(pool) : [h('p', { class: 'dim' }, 'No engine is loaded.')]));
    levels.replaceChildren(table(['Silo', 'Level', 'Pages', 'Size', 'Hits', 'Misses', 'Hit rate', 'Evictions'], state.memory.flatMap(silo => silo.levels.map(level => [
      silo.silo, level.name, level.pages, level.bytes ? bytes(level.bytes) : '', level.hits, level.misses, level.hits + level.misses ? `${Math.round(100 * level.hits / (level.hits + level.misses))} %` : '', level.evictions]))));
  }

  async function load() {
    try {
      const path = input.value.startsWith('/') ? input.value : (await ask(`processes/${encodeURIComponent(input.value)}`)).context.region;
      const found = await ask(`memory/region/pages?path=${encodeURIComponent(path)}`);
      pages.replaceChildren(h('p', {}, `${path}: ${found.items.length} pages, ${number(found.items.reduce((sum, page) => sum + page.tokens, 0))} tokens`),
        h('div', { class: 'pages' }, ...found.items.map((page, i) => h('span', { class: page.isPinned ? 'pinned' : '', title: `page ${i}: ${page.tokens} tokens${page.isPinned ? ', pinned' : ''}` }, String(i)))));
    } catch (error) {
      pages.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message));
    }
  }
}

function pool(engine) {
  const width = cells => engine.cellsTotal ? 800 * Math.min(1, cells / engine.cellsTotal) : 0;
  return h('div', { class: 'panel' },
    h('h3', {}, `${engine.model} on ${engine.device} (${engine.silo})`),
    s('svg', { class: 'chart', role: 'img', viewBox: '0 0 800 22', 'aria-label': `${engine.cellsUsed} of ${engine.cellsTotal} cells in use, ${engine.cellsReserved} reserved` },
      s('rect', { class: 'track', width: 800, height: 22 }), s('rect', { class: 'reserved', width: width(engine.cellsReserved), height: 22 }), s('rect', { class: 'fill', width: width(engine.cellsUsed), height: 22 })),
    h('p', { class: 'dim' }, `${number(engine.cellsUsed)} of ${number(engine.cellsTotal)} cells in use, ${number(engine.cellsReserved)} reserved, ${number(engine.resident)} sequences; ${number(engine.hostCells)} cells saved in host memory, ${number(engine.diskCells)} on disk; ` +
      `${number(engine.swapsOut)} swaps out, ${number(engine.swapsIn)} in, ${number(engine.evictions)} evictions, ${number(engine.faults)} faults, ${number(engine.preemptions)} preemptions`));
}
