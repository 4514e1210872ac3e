// Rows of names with typed values (templates/designs/_dry_run_rows.html).
import { all, one } from '../shell/find.js';

/** [{name, kind, value}] of all rows within. */
export function valuesIn(within) {
  return all('[data-value-row]', within).map((row) => ({
    name: row.dataset.name ?? one('[data-value-name]', row).value,
    kind: one('[data-kind]', row).value,
    value: one('[data-value]', row).value,
  }));
}

/** What was typed into a task's form: a text, or a list of texts for several choices. */
export function typedIn(form) {
  const data = new FormData(form);
  return Object.fromEntries([...new Set(data.keys())].map((name) => {
    const given = data.getAll(name).map(String);
    return [name, given.length > 1 ? given : given[0]];
  }));
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-add-row]');
  if (!button) return;
  const row = one('#value-row').content.firstElementChild.cloneNode(true);
  let rows = button.parentElement.querySelector('[data-value-rows]');
  if (!rows) {
    rows = document.createElement('div');
    Object.assign(rows, { className: 'value-rows' });
    rows.dataset.valueRows = '';
    button.before(rows);
  }
  rows.append(row);
  one('input', row).focus();
});

// Another kind is typed in another field; an expression has room.
document.addEventListener('change', (event) => {
  if (!event.target.matches('[data-value-row] [data-kind]')) return;
  const row = event.target.closest('[data-value-row]');
  const old = one('[data-value]', row);
  const field = document.createElement(event.target.value === 'feel' ? 'textarea' : 'input');
  field.className = 'field';
  field.id = old.id;
  field.dataset.value = '';
  field.value = event.target.value === 'none' ? '' : old.value;
  field.readOnly = event.target.value === 'none';
  field.placeholder = { boolean: '是 或者 否', day: '2026-11-23', moment: '2026-11-23 09:00', feel: '例如 [{ "名称": "甲", "金额": 5 }]' }[event.target.value] ?? '';
  field.setAttribute('aria-label', old.getAttribute('aria-label') ?? '值');
  old.replaceWith(field);
});
