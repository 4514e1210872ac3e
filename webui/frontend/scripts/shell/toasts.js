// Short messages at the upper right; they leave by themselves, errors later.
import { one } from './find.js';

const STAYS = { good: 6000, bad: 15000 };

export function toast(title, text = '', kind = 'good') {
  const sample = one(`#toast-${kind === 'bad' ? 'bad' : 'good'}`);
  const shown = sample.content.firstElementChild.cloneNode(true);
  one('b', shown).textContent = title;
  one('span', shown).textContent = text;
  one('#toasts').append(shown);
  leaveLater(shown);
}

export function leaveLater(shown) {
  setTimeout(() => shown.remove(), shown.classList.contains('bad') ? STAYS.bad : STAYS.good);
}
