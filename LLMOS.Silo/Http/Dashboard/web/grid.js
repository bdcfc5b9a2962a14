import { h, setText } from './dom.js';

const rowHeight = 26;

/**
 * A table of any length, of which only the rows in view are elements. The arrow keys, Page Up and Down, Home and End move the selection, Enter opens it.
 * columns: { key, title, width, number, text(row), className(row) }; a row has an id.
 */
export class Grid {
  #columns; #rows = []; #pool = []; #selected = null; #space; #sort; #descending; #onOpen; #onSelect; #order; #pending = false; #heads = new Map();

  constructor({ label, columns, role = 'grid', sort = null, descending = false, onOpen = () => {}, onSelect = () => {}, onKey = () => false, order = null }) {
    this.#columns = columns;
    this.#sort = sort;
    this.#descending = descending;
    this.#onOpen = onOpen;
    this.#onSelect = onSelect;
    this.#order = order;
    this.#space = h('div', { class: 'space', role: 'rowgroup' });
    const head = h('div', { class: 'head', role: 'row' }, ...columns.map(column => this.#head(column)));
    this.element = h('div', { class: 'grid', role, tabindex: '0', 'aria-label': label, keydown: event => onKey(event) || this.#key(event), scroll: () => this.#draw() }, h('div', { role: 'rowgroup' }, head), this.#space);
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  get selected() {
    return this.#rows.find(row => row.id === this.#selected) ?? null;
  }

  setOrder(order) {
    this.#order = order;
  }

  /** Shows rows; drawn with the next frame, so that many updates are one drawing. */
  show(rows) {
    this.#rows = this.#order ? this.#order(rows) : this.#sorted(rows);
    if (!this.#pending) {
      this.#pending = true;
      requestAnimationFrame(() => {
        this.#pending = false;
        this.#draw();
      });
    }
  }

  select(id) {
    this.#selected = id;
    this.#draw();
    this.#onSelect(this.selected);
  }

  #head(column) {
    const head = h('div', { class: `cell ${column.width} ${column.number ? 'number' : ''}`, role: 'columnheader' }, h('button', { type: 'button', click: () => this.#sortBy(column) }, column.title));
    this.#heads.set(column.key, head);
    return head;
  }

  #sortBy(column) {
    this.#descending = this.#sort === column.key ? !this.#descending : Boolean(column.number);
    this.#sort = column.key;
    this.show(this.#rows);
  }

  #sorted(rows) {
    const column = this.#columns.find(candidate => candidate.key === this.#sort);
    for (const [key, head] of this.#heads) {
      head.setAttribute('aria-sort', key !== this.#sort ? 'none' : this.#descending ? 'descending' : 'ascending');
    }
    if (!column) {
      return rows;
    }
    const sign = this.#descending ? -1 : 1;
    const value = column.value ?? (row => row[column.key]);
    return [...rows].sort((one, other) => {
      const [a, b] = [value(one), value(other)];
      return sign * (typeof a === 'number' ? a - b : String(a).localeCompare(String(b)));
    });
  }

  #key(event) {
    const last = this.#rows.length - 1;
    const at = this.#rows.findIndex(row => row.id === this.#selected);
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[event.key];
    if (event.target !== this.element) {
      return;
    }
    if (event.key === 'Enter' && at >= 0) {
      event.preventDefault();
      this.#onOpen(this.#rows[at]);
    } else if (to !== undefined && last >= 0) {
      event.preventDefault();
      const next = Math.min(last, Math.max(0, to));
      const [top, height] = [next * rowHeight, this.element.clientHeight - 2 * rowHeight];
      if (top < this.element.scrollTop) {
        this.element.scrollTop = top;
      } else if (top > this.element.scrollTop + height) {
        this.element.scrollTop = top - height;
      }
      this.select(this.#rows[next].id);
    }
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.element.scrollTop / rowHeight) - 2);
    const count = Math.min(this.#rows.length - first, Math.ceil(this.element.clientHeight / rowHeight) + 4);
    this.element.setAttribute('aria-rowcount', String(this.#rows.length + 1));
    this.#space.style.height = `${this.#rows.length * rowHeight}px`;
    while (this.#pool.length < count) {
      const element = h('div', { class: 'row', role: 'row', click: () => this.select(element.rowId), dblclick: () => this.#open(element.rowId) },
        ...this.#columns.map(column => h('div', { role: 'gridcell', class: `cell ${column.width} ${column.number ? 'number' : ''}` })));
      this.#pool.push(element);
      this.#space.append(element);
    }
    let active = '';
    for (const [i, element] of this.#pool.entries()) {
      element.hidden = i >= count;
      element.style.display = i >= count ? 'none' : '';
      if (i < count) {
        this.#fill(element, this.#rows[first + i], first + i);
        active = this.#rows[first + i].id === this.#selected ? element.id : active;
      }
    }
    if (active) {
      this.element.setAttribute('aria-activedescendant', active);
    } else {
      this.element.removeAttribute('aria-activedescendant');
    }
  }

  #open(id) {
    const row = this.#rows.find(candidate => candidate.id === id);
    if (row) {
      this.#onOpen(row);
    }
  }

  #fill(element, row, index) {
    element.rowId = row.id;
    element.id = `row-${row.id}`;
    element.style.transform = `translateY(${index * rowHeight}px)`;
    element.setAttribute('aria-rowindex', String(index + 2));
    element.setAttribute('aria-selected', String(row.id === this.#selected));
    if (row.level) {
      element.setAttribute('aria-level', String(row.level));
    } else {
      element.removeAttribute('aria-level');
    }
    if (row.expanded === undefined) {
      element.removeAttribute('aria-expanded');
    } else {
      element.setAttribute('aria-expanded', String(row.expanded));
    }
    this.#columns.forEach((column, i) => {
      const cell = element.children[i];
      setText(cell, column.text(row));
      if (column.className) {
        cell.className = `cell ${column.width} ${column.number ? 'number' : ''} ${column.className(row)}`;
      }
    });
  }
}
