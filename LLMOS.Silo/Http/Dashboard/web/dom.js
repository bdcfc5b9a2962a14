// Elements are made of strings that processes may have written: they become text, never markup.

/** An element: its attributes (functions are listeners), and its children as elements or text. */
export function h(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in SVG. */
export function s(name, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

/** Text into an element, unless it is there already. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export const number = value => value.toLocaleString('en', { maximumFractionDigits: 1 });

export const bytes = value => value >= 2 ** 30 ? `${number(value / 2 ** 30)} GiB` : value >= 2 ** 20 ? `${number(value / 2 ** 20)} MiB` : `${number(value / 1024)} KiB`;

export const time = value => new Date(value).toLocaleTimeString('en-GB');

/** A table of a heading and rows of cells. */
export function table(heads, rows) {
  return h('table', {},
    h('thead', {}, h('tr', {}, ...heads.map(head => h('th', { scope: 'col' }, head)))),
    h('tbody', {}, ...rows.map(row => h('tr', {}, ...row.map(cell => h('td', { class: typeof cell === 'number' ? 'number' : '' }, typeof cell === 'number' ? number(cell) : cell))))));
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.filter(child => child !== null && child !== undefined).map(child => child instanceof Node ? child : String(child)));
  return element;
}
