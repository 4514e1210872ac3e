// Short messages at the upper right. They leave by themselves, by their button or by Escape, whether they
// came with the page, with an answer or from a script; clicks go through those that say all is well.
import { all, one } from './find.js';

const STAYS = { good: 4000, bad: 8000 };

export function toast(title, text = '', kind = 'good') {
  const sample = one(`#toast-${kind === 'bad' ? 'bad' : 'good'}`);
  const shown = sample.content.firstElementChild.cloneNode(true);
  one('b', shown).textContent = title;
  one('span', shown).textContent = text;
  one('#toasts').append(shown);
  leaveLater();
}

// Every toast that has no end yet gets one.
export function leaveLater() {
  all('#toasts > .toast:not([data-seen])').forEach((shown) => {
    shown.dataset.seen = '';
    setTimeout(() => shown.remove(), shown.classList.contains('bad') ? STAYS.bad : STAYS.good);
  });
}

// Whether there were any.
export function closeToasts() {
  const shown = all('#toasts > .toast');
  shown.forEach((message) => message.remove());
  return shown.length > 0;
}

document.addEventListener('click', (event) => {
  event.target.closest('[data-toast-close]')?.closest('.toast').remove();
});

leaveLater();
