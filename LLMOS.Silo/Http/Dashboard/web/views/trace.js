import { h, number, time } from '../dom.js';
import { state, onUpdate } from '../live.js';
import { ask } from '../api.js';

export const name = 'trace';
export const title = 'Trace';

/** The turns of a process: what it was asked, what it had before it, what it said and called, what it cost. */
export function show(main, [pid]) {
  const input = h('input', { type: 'search', placeholder: 'PID or name', 'aria-label': 'Process', value: pid ?? '' });
  const problem = h('p', { class: 'problem', role: 'alert' });
  const cost = h('p', { class: 'dim' });
  const said = h('pre', { tabindex: '0', 'aria-label': 'What it says now' });
  const summary = h('div', {});
  const turns = h('ol', { class: 'turns' });
  main.append(h('form', { class: 'bar', submit: event => { event.preventDefault(); location.hash = `#/trace/${encodeURIComponent(input.value)}`; } }, input, h('button', { type: 'submit' }, 'Show')), problem);
  if (!pid) {
    main.append(h('p', { class: 'dim' }, 'Name a process, or press Enter on one in the table of processes.'));
    return undefined;
  }
  main.append(summary, h('h3', {}, 'Now'), h('div', { class: 'panel' }, cost, said), h('h3', {}, 'Turns'), turns);
  const source = new EventSource(`/vapi/v1/processes/${encodeURIComponent(pid)}/events`);
  source.addEventListener('turnstarted', () => { said.textContent = ''; });
  source.addEventListener('turnrestarted', () => { said.textContent = ''; });
  source.addEventListener('text', event => { said.append(JSON.parse(event.data).text); });
  source.addEventListener('turncommitted', () => load());
  source.addEventListener('ended', () => source.close());
  source.addEventListener('error', () => { if (source.readyState === EventSource.CLOSED) { source.close(); } });
  load();
  const stop = onUpdate(figures);
  return () => { stop(); source.close(); };

  function figures() {
    const row = [...state.rows.values()].find(candidate => String(candidate.pid) === pid || candidate.name === pid);
    cost.textContent = row
      ? `${row.state}${row.waitsFor ? ` on ${row.waitsFor}` : ''}; ${number(row.tokens)} tokens in ${number(row.turns)} turns; budget ${number(row.budgetUsed)} of ${number(row.budget)}; TTFT ${number(row.firstTokenMs)} ms after ${number(row.queueMs)} ms in the queue; prefill ${number(row.prefillRate)}/s, decode ${number(row.decodeRate)}/s`
      : 'It has ended, or is not among those that are shown.';
  }

  async function load() {
    try {
      const [process, messages, context] = await Promise.all([ask(`processes/${encodeURIComponent(pid)}`), ask(`processes/${encodeURIComponent(pid)}/messages?limit=200`), ask(`processes/${encodeURIComponent(pid)}/context`)]);
      problem.textContent = '';
      summary.replaceChildren(h('h2', {}, `${process.pid} ${process.name}`), h('p', {}, `${process.kind}, ${process.state}, priority ${process.priority} (${process.class}), model ${process.model || 'none'}, program ${process.program}, owner ${process.owner}`),
        h('details', {}, h('summary', {}, 'Role'), h('pre', {}, process.role || 'none')), process.exit ? h('p', {}, `It ended (${process.exit.kind} ${process.exit.code}): ${process.exit.text}`) : '');
      turns.replaceChildren(...asTurns(process, messages.items, context.entries));
      figures();
    } catch (error) {
      problem.textContent = error.message;
    }
  }
}

/** Each message that it received is a turn: what it wrote until the next one, and what was put into its context meanwhile, belong to that. */
function asTurns(process, messages, entries) {
  const received = messages.filter(message => message.to === process.pid).sort((one, other) => one.sequence - other.sequence);
  const sent = messages.filter(message => message.from === process.pid);
  if (process.program === 'completion' && !received.length) {
    return [h('li', {}, 'It answers one request of an HTTP client and is not stored: what it was asked and what it answers is with that client alone. What it spends is above, and who asked is in the audit log.')];
  }

  return received.map((message, i) => {
    const [from, to] = [Date.parse(message.at), i + 1 < received.length ? Date.parse(received[i + 1].at) : Infinity];
    const isOf = at => Date.parse(at) >= from && Date.parse(at) < to;
    const own = entries.filter(entry => isOf(entry.at));
    const answers = sent.filter(answer => isOf(answer.at));
    const tokens = own.reduce((sum, entry) => sum + entry.tokens, 0);
    return h('li', {},
      h('strong', {}, `${time(message.at)} ${message.type} from ${message.from}, ${message.state}`),
      h('details', {}, h('summary', {}, `Prompt: ${number(entries.filter(entry => Date.parse(entry.at) < from).reduce((sum, entry) => sum + entry.tokens, 0))} tokens of context before it, then`), h('pre', {}, message.text)),
      ...own.filter(entry => entry.data).map(entry => h('details', {}, h('summary', {}, `${entry.author}: calls of tools`), h('pre', {}, entry.data))),
      ...own.filter(entry => entry.pid === process.pid).map(entry => h('pre', {}, entry.text)),
      h('ul', {}, ...answers.map(answer => h('li', {}, `${answer.type} to ${answer.to}, ${answer.state}: ${answer.text.slice(0, 200)}`))),
      h('p', { class: 'dim' }, `${number(tokens)} tokens of context came of it${answers.length ? `, ${number(Math.max(...answers.map(answer => Date.parse(answer.at))) - from)} ms until its last message` : ''}.`));
  }).reverse();
}
