// Keys for those who work a list all day. Single keys act only inside lists and can be switched off
// (WCAG 2.1.4); no legal act has a key.
import { all, one } from './find.js';
import { clear, tick } from './ticking.js';
import { closeToasts } from './toasts.js';

const ROW = 'tr[data-id]';
const enabled = () => localStorage.getItem('keys') !== 'off';

const toggle = one('#keys-enabled');
if (toggle) {
  toggle.checked = enabled();
  toggle.addEventListener('change', () => localStorage.setItem('keys', toggle.checked ? 'on' : 'off'));
}

function moveTo(rows, index) {
  const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
  rows.forEach((other) => (other.tabIndex = -1));
  row.tabIndex = 0;
  row.focus();
  row.scrollIntoView({ block: 'nearest' });
}

function closePeek() {
  const peek = one('#peek');
  if (!peek || peek.hidden) return false;
  peek.hidden = true;
  const row = one('tr.peeked');
  row?.classList.remove('peeked');
  row?.focus();
  return true;
}

function peekAt(row) {
  const peek = one('#peek');
  if (!peek || !row.dataset.peek) return;
  all('tr.peeked').forEach((other) => other.classList.remove('peeked'));
  row.classList.add('peeked');
  peek.hidden = false;
  window.htmx.ajax('GET', row.dataset.peek, { target: '#peek', swap: 'innerHTML' });
}

const ON_ROW = {
  x: (row) => tickRow(row, false),
  X: (row) => tickRow(row, true),
  ' ': peekAt,
  Enter: (row) => one('[data-enter]', row)?.click(),
  l: (row) => one('[data-transfer]', row)?.click(),
};

function tickRow(row, range) {
  const box = one('input[data-row]', row);
  if (!box) return;
  box.checked = range || !box.checked;
  tick(box, { range });
}

function onRowKey(event) {
  const rows = all(ROW);
  if (!rows.length) return;
  const row = document.activeElement.closest?.(ROW);
  const index = rows.indexOf(row);
  if (event.key === 'j' || (event.key === 'ArrowDown' && row)) moveTo(rows, index + 1);
  else if (event.key === 'k' || (event.key === 'ArrowUp' && row)) moveTo(rows, index - 1);
  else if (row && event.target === row && event.key in ON_ROW) ON_ROW[event.key](row);
  else return;
  event.preventDefault();
}

const SEARCH_FIELDS = '#filters input[type=search], #filters input:not([type=hidden])';

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    one('.global-search input')?.focus();
    return;
  }
  const dialog = one('dialog[open]');
  if (event.key === 'Escape' && !dialog && !closeToasts() && !closePeek()) clear();
  const typing = event.target.matches?.('input:not([type=checkbox]), textarea, select, [contenteditable]');
  if (typing || dialog || event.ctrlKey || event.metaKey || event.altKey || !enabled()) return;
  if (event.key === '/') {
    event.preventDefault();
    one(SEARCH_FIELDS)?.focus();
  } else if (event.key === '?') one('#dialog-keys')?.showModal();
  else onRowKey(event);
});

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-peek-close]')) closePeek();
});
document.addEventListener('dblclick', (event) => {
  const row = event.target.closest(ROW);
  if (!row || event.target.closest('a, label, button, input')) return;
  getSelection().removeAllRanges();
  peekAt(row);
});
