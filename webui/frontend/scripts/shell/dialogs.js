// Dialogs, drawers and menus. A fragment that htmx puts into #dialog-body opens the dialog around it.
import { all, one } from './find.js';

document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open]');
  if (opener) {
    event.preventDefault();
    one(`#${opener.dataset.open}`).showModal();
  }
  event.target.closest('[data-close]')?.closest('dialog')?.close();
  all('details.menu[open]').forEach((menu) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
});

const dialog = one('#dialog');
const body = one('#dialog-body');

document.addEventListener('htmx:after:swap', () => {
  if (!dialog || dialog.open || !body.childElementCount) return;
  dialog.showModal();
  one('[data-focus]', body)?.focus();
});
dialog?.addEventListener('close', () => body.replaceChildren());

// A form in a dialog that succeeded has nothing more to say.
document.addEventListener('htmx:after:request', (event) => {
  const { status } = event.detail.ctx.response ?? {};
  const form = event.target.closest?.('dialog form');
  if (form && form === event.target && status >= 200 && status < 300) form.closest('dialog').close();
});

// A decisive button waits until every box that must be ticked is ticked.
document.addEventListener('change', (event) => {
  if (!event.target.matches('[data-gate]')) return;
  const form = event.target.closest('form, dialog');
  one('[data-gated]', form).disabled = !all('[data-gate]', form).every((box) => box.checked);
});
