import { h } from './dom.js';

const dialog = document.getElementById('dialog');

/** Asks before something is done. The promise has what the field says, or true; null when it was called off. */
export function confirm({ title, text, action, field = null, danger = false }) {
  return new Promise(resolve => {
    const input = field && h('input', { id: 'dialog-field', type: field.type ?? 'text', value: field.value ?? '', autofocus: true });
    let result = null;

    // That the dialog before this one was closed may be said late, when this one is open already.
    const closed = () => {
      if (!form.isConnected || !dialog.open) {
        dialog.removeEventListener('close', closed);
        resolve(result);
      }
    };
    const form = h('form', { method: 'dialog', submit: () => { result = input ? input.value : true; } },
      h('h2', { id: 'dialog-title' }, title),
      h('p', {}, text),
      input ? h('p', {}, h('label', { for: 'dialog-field' }, `${field.label} `), input) : null,
      h('div', { class: 'bar' },
        h('button', { type: 'button', click: () => dialog.close() }, 'Cancel'),
        h('button', { type: 'submit', class: danger ? 'danger' : '', autofocus: !danger && !input }, action)));

    // What cannot be undone is not done by a second Enter.
    dialog.replaceChildren(form);
    dialog.addEventListener('close', closed);
    dialog.showModal();
  });
}

/** Says something. */
export function tell(title, ...content) {
  dialog.replaceChildren(h('h2', { id: 'dialog-title' }, title), ...content, h('div', { class: 'bar' }, h('button', { type: 'button', click: () => dialog.close() }, 'Close')));
  dialog.showModal();
}
