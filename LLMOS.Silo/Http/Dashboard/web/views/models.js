import { h, bytes, number, table } from '../dom.js';
import { state, onUpdate } from '../live.js';
import { ask } from '../api.js';

export const name = 'models';
export const title = 'Models';

/** Models and devices. */
export function show(main) {
  const devices = h('div', {});
  const engines = h('div', {});
  const models = h('div', {});
  let drawn = 0;
  main.append(h('h2', {}, 'Devices'), devices, h('h2', {}, 'Engines'), engines, h('h2', {}, 'Models'), models);
  ask('models').then(page => models.replaceChildren(table(['Name', 'What it is'], page.items.map(model => [model.name, model.description]))), error => models.replaceChildren(h('p', { class: 'problem', role: 'alert' }, error.message)));
  draw();
  return onUpdate(() => { if (performance.now() - drawn > 500) { draw(); } });

  function draw() {
    drawn = performance.now();
    devices.replaceChildren(table(['Silo', 'Device', 'Memory in use', 'Models', 'Active', 'Waiting', 'KV', 'Tokens/s'], state.devices.map(device => [
      device.silo, device.device, `${bytes(device.memoryTotal - device.memoryFree)} of ${bytes(device.memoryTotal)}`, device.models.map(model => `${model.name} (${model.replicas})`).join(', '), device.load.active, device.load.waiting,
      `${number(device.load.kvUsed)} of ${number(device.load.kvTotal)}`, device.load.tokensPerSecond])));
    engines.replaceChildren(table(['Model', 'Device', 'Active', 'Waiting', 'Mean batch', 'Decoded', 'Prefilled', 'Cached', 'Shared', 'Switches', 'Restarts'], state.engines.map(engine => [
      engine.model, engine.device, engine.active, engine.waiting, engine.steps ? engine.servedSequences / engine.steps : 0, engine.decodedTokens, engine.prefilledTokens, engine.cachedTokens, engine.sharedTokens, engine.contextSwitches, engine.restarts])));
  }
}
