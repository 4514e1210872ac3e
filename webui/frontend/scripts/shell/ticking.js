// Ticked rows: the box for all, ranges with Shift, the batch bar, and buttons that say why they are off.
import { all, one } from './find.js';

let last = null;

export const boxes = () => all('input[data-row]');
const ticked = () => boxes().filter((box) => box.checked);

export function tick(box, { range = false } = {}) {
  if (range && last) {
    const found = boxes();
    const ends = [found.indexOf(last), found.indexOf(box)].sort((a, b) => a - b);
    found.slice(ends[0], ends[1] + 1).forEach((other) => (other.checked = box.checked));
  }
  last = box;
  show();
}

export function clear() {
  boxes().forEach((box) => (box.checked = false));
  show();
}

function show() {
  const found = boxes();
  const chosen = ticked();
  found.forEach((box) => box.closest('tr')?.setAttribute('aria-selected', box.checked));
  all('[data-all]').forEach((box) => {
    box.checked = found.length > 0 && chosen.length === found.length;
    box.indeterminate = chosen.length > 0 && chosen.length < found.length;
  });
  all('[data-count]').forEach((place) => (place.textContent = chosen.length));
  all('[data-batch]').forEach((bar) => {
    bar.hidden = chosen.length === 0;
    bar.closest('.list')?.classList.toggle('has-selection', chosen.length > 0);
  });
  explainButtons(chosen);
}

/** data-needs: the states a row must have to count (empty: any row); data-reason: why there is none. */
function explainButtons(chosen) {
  let explanation = '';
  all('[data-needs]').forEach((button) => {
    const states = button.dataset.needs.split(' ').filter(Boolean);
    const usable = chosen.filter((box) => !states.length || states.includes(box.dataset.state));
    button.disabled = usable.length === 0;
    const reason = chosen.length ? button.dataset.reason : '请先勾选';
    button.title = usable.length ? '' : reason;
    const tally = one('.tally', button);
    if (tally) tally.textContent = usable.length ? `（${usable.length}）` : '';
    if (!usable.length && chosen.length && !explanation) {
      explanation = `${button.dataset.name}不可用：${reason}`;
    }
  });
  all('[data-why]').forEach((line) => {
    line.hidden = !explanation;
    line.lastElementChild.textContent = explanation;
  });
}

document.addEventListener('change', (event) => {
  const box = event.target;
  if (box.matches('[data-all]')) {
    boxes().forEach((other) => (other.checked = box.checked));
    show();
  }
});
document.addEventListener('click', (event) => {
  if (event.target.matches('input[data-row]')) tick(event.target, { range: event.shiftKey });
  if (event.target.closest('[data-clear]')) clear();
});
document.addEventListener('htmx:after:swap', show);
show();
