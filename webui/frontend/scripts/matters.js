// The matter page: the names in the column 受送达人 follow the ticks, and on wide screens the pane at
// the right shows the document of the row that has the focus.
import htmx from 'htmx.org/dist/htmx.esm.js';
import { all, one } from './shell/find.js';

function nameAgain(menu) {
  const names = all('label, .menu-fact', menu)
    .filter((line) => !one('input', line) || one('input', line).checked)
    .map((line) => one('[data-name]', line).textContent);
  one('[data-names]', menu).textContent = names[0] ?? '未选择';
  one('[data-names]', menu).classList.toggle('red-text', !names.length);
  one('summary', menu).title = names.join('、') || '没有选择受送达人';
  const more = one('[data-more]', menu);
  more.hidden = names.length < 2;
  more.textContent = `+${names.length - 1}`;
}

document.addEventListener('change', (event) => {
  const menu = event.target.closest('.recipients-menu');
  if (menu) nameAgain(menu);
});

// Esc closes an open list of names, and only that: the ticks of the rows stay.
document.addEventListener(
  'keydown',
  (event) => {
    const menu = event.key === 'Escape' && one('.recipients-menu[open]');
    if (!menu) return;
    menu.open = false;
    one('summary', menu).focus();
    event.stopImmediatePropagation();
  },
  { capture: true },
);

const pane = one('#preview');
let shown = one('tr[data-preview]');

document.addEventListener('focusin', (event) => {
  const row = event.target.closest('tr[data-preview]');
  if (!row || row === shown || !pane?.offsetParent) return;
  shown = row;
  htmx.ajax('GET', row.dataset.preview, { target: '#preview', swap: 'innerHTML' });
});
