// The live figures: one stream for the page, from which the views read.

const listeners = new Set();

export const state = { version: 0, at: null, header: null, rows: new Map(), slices: new Map(), engines: [], memory: [], devices: [], updates: 0 };

/** Calls a listener after each update; what it returns ends that. */
export function onUpdate(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function connect(onState) {
  const source = new EventSource('/vapi/v1/live');
  source.addEventListener('open', () => onState('live'));
  source.addEventListener('error', () => onState('lost'));
  source.addEventListener('all', event => {
    state.rows.clear();
    state.slices.clear();
    take(JSON.parse(event.data));
  });
  source.addEventListener('update', event => take(JSON.parse(event.data)));
}

function take(update) {
  for (const row of update.rows) {
    state.rows.set(row.pid, row);
  }
  for (const pid of update.gone) {
    state.rows.delete(pid);
  }
  for (const slice of update.slices) {
    state.slices.set(`${slice.engine}/${slice.number}`, slice);
  }
  const oldest = Date.parse(update.at) - 30000;
  for (const [key, slice] of state.slices) {
    if (slice.began + slice.ms < oldest) {
      state.slices.delete(key);
    }
  }
  Object.assign(state, { version: update.version, at: update.at, header: update.header, engines: update.engines, memory: update.memory, devices: update.devices });
  state.updates++;
  for (const listener of listeners) {
    listener(state);
  }
}
