// A form with data-unsaved asks before the page is left with something typed and not sent.
import { all } from './find.js';

const changed = new Set();

document.addEventListener('input', (event) => {
  const form = event.target.closest('form[data-unsaved]');
  if (form) changed.add(form);
});
document.addEventListener('submit', (event) => changed.delete(event.target));
document.addEventListener('htmx:after:request', (event) => {
  if (event.detail.ctx.response?.status < 300) all('form[data-unsaved]').forEach((f) => changed.delete(f));
});
window.addEventListener('beforeunload', (event) => {
  if ([...changed].some((form) => form.isConnected)) event.preventDefault();
});
