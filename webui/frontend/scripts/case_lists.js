// What the lists of cases add to the shell: chosen columns, printing of ticked rows, a list that failed.
import { all, one } from './shell/find.js';

const YEAR = 31536000;

// ---------------------------------------------------------------- columns

function keep(name, value, age = YEAR) {
  document.cookie = `${name}=${value};path=/stages;max-age=${age};samesite=lax`;
}

/** The click would close the menu, in which one mostly chooses several columns. */
function renew(menu) {
  one('#list-refresh').click();
  menu.closest('details').open = true;
}

/** The boxes say what is on the screen, which without a choice depends on its width. */
function showChoice(menu) {
  all('input', menu).forEach((box) => {
    const head = one(`#list th.column-${box.value}`);
    if (one('#list table')) box.checked = Boolean(head?.offsetParent);
  });
}

document.addEventListener('toggle', (event) => {
  const menu = event.target.querySelector?.('[data-columns]');
  if (menu && event.target.open) showChoice(menu);
}, true);

document.addEventListener('change', (event) => {
  const menu = event.target.closest('[data-columns]');
  if (!menu) return;
  const chosen = all('input:checked', menu).map((box) => box.value);
  keep(menu.dataset.columns, chosen.join('.'));
  renew(menu);
});

document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-columns-usual]')) return;
  const menu = event.target.closest('[data-columns]');
  keep(menu.dataset.columns, '', 0);
  renew(menu);
  menu.closest('details').open = false;
});

// ---------------------------------------------------------------- page size, printing

document.addEventListener('change', (event) => {
  // The field stands outside the form whose filters it belongs to.
  if (event.target.matches('[data-size]')) one('#filters').dispatchEvent(new Event('change'));
});

document.addEventListener('click', (event) => {
  if (!event.target.closest('[data-print-ticked]')) return;
  document.documentElement.classList.add('print-ticked');
  window.print();
});
window.addEventListener('afterprint', () => document.documentElement.classList.remove('print-ticked'));

// ---------------------------------------------------------------- failure

function showFailure(event) {
  const failed = one('#list-failed');
  const target = event.detail.ctx?.target;
  if (!failed || target?.id !== 'list') return;
  target.replaceChildren(failed.content.cloneNode(true));
}

document.addEventListener('htmx:response:error', (event) => {
  if (event.detail.ctx.response.status >= 500) showFailure(event);
});
document.addEventListener('htmx:error', (event) => {
  if (!event.detail?.ctx?.response) showFailure(event);
});
