import { h, s, number } from '../dom.js';
import { state, onUpdate } from '../live.js';

export const name = 'timeline';
export const title = 'Timeline';

const lane = 22;
const left = 170;
const most = 60;

/** Who held the device when: a lane for each process, a bar for each run of steps that it had a part in. */
export function show(main) {
  const span = h('select', { 'aria-label': 'Seconds shown', change: () => draw(true) }, ...[5, 10, 30].map(seconds => h('option', { value: seconds, selected: seconds === 10 }, `${seconds} s`)));
  const pause = h('button', { type: 'button', 'aria-pressed': 'false', click: () => { pause.setAttribute('aria-pressed', String(pause.getAttribute('aria-pressed') !== 'true')); } }, 'Pause');
  const summary = h('p', { class: 'dim' });
  const chart = s('svg', { class: 'chart', role: 'img', 'aria-label': 'Who held the device when' });
  let drawn = 0;
  main.append(h('div', { class: 'bar' }, span, pause, h('div', { class: 'legend' }, h('span', { class: 'prefill' }, 'prefill'), h('span', {}, 'decode'))), summary, h('div', {}, chart));
  draw(true);
  return onUpdate(() => draw(false));

  function draw(now) {
    if (!now && (pause.getAttribute('aria-pressed') === 'true' || performance.now() - drawn < 200)) {
      return;
    }
    drawn = performance.now();
    const end = state.at ? Date.parse(state.at) : Date.now();
    const ms = Number(span.value) * 1000;
    const slices = [...state.slices.values()].filter(slice => slice.began + slice.ms > end - ms);
    const lanes = [...new Set(slices.map(slice => slice.pid))].sort((one, other) => one - other).slice(0, most);
    const width = Math.max(600, chart.clientWidth || 900);
    const height = (lanes.length + 1) * lane + 6;
    chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
    chart.style.height = `${height}px`;
    const x = at => left + Math.max(0, (at - (end - ms)) / ms) * (width - left - 8);
    const parts = [];
    for (let i = 0; i <= 5; i++) {
      const at = end - ms + i * ms / 5;
      parts.push(s('line', { class: 'axis', x1: x(at), x2: x(at), y1: lane, y2: height }), s('text', { x: x(at), y: 14, 'text-anchor': i === 5 ? 'end' : 'middle' }, `${number((at - end) / 1000)} s`));
    }
    lanes.forEach((pid, i) => {
      parts.push(s('text', { x: 6, y: (i + 1) * lane + 15 }, `${pid} ${(state.rows.get(pid)?.name ?? 'ended').slice(0, 18)}`));
      for (const slice of slices.filter(candidate => candidate.pid === pid)) {
        parts.push(s('rect', { class: `slice ${slice.decode >= slice.prefill ? 'decode' : 'prefill'}`, x: x(slice.began), y: (i + 1) * lane + 3, width: Math.max(1, x(slice.began + slice.ms) - x(slice.began)), height: lane - 6, rx: 2 },
          s('title', {}, `PID ${pid}: ${number(slice.ms)} ms, ${slice.prefill} prefill, ${slice.decode} decode`)));
      }
    });
    chart.replaceChildren(...parts);
    summary.textContent = lanes.length === 0 ? 'Nobody held a device in this time.' : `Slices: ${slices.length}, processes: ${lanes.length}, engines: ${new Set(slices.map(slice => slice.engine)).size}.`;
  }
}
