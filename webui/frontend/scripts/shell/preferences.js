// Theme and row height live in cookies, so that the server renders the page right at once.
import { all } from './find.js';

const root = document.documentElement;
const YEAR = 31536000;

function prefer(name, value) {
  root.dataset[name] = value;
  document.cookie = `${name}=${value};path=/;max-age=${YEAR};samesite=lax`;
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-theme-toggle]')) {
    prefer('theme', root.dataset.theme === 'dark' ? 'light' : 'dark');
  }
  const density = event.target.closest('button[data-density]');
  if (density) {
    prefer('density', density.dataset.density);
    all('button[data-density]').forEach((b) => b.setAttribute('aria-pressed', b === density));
  }
  if (event.target.closest('[data-print]')) window.print();
});
