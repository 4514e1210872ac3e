// Own date field: the browser's shows mm/dd/yyyy whenever its language is not Chinese. The text
// field works alone; the button beside it opens a month to pick from, Monday first.
import { one } from './find.js';

const DAY = 86400000;
const pad = (number) => String(number).padStart(2, '0');
const written = (day) => `${day.getUTCFullYear()}-${pad(day.getUTCMonth() + 1)}-${pad(day.getUTCDate())}`;

/** Understands 2026-9-1, 2026/9/1, 2026.9.1, 20260901 and 2026年9月1日; null when it is no day. */
export function parse(text) {
  const found = /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$|^(\d{4})(\d{2})(\d{2})$/.exec(text.trim());
  if (!found) return null;
  const [year, month, date] = found.slice(1).filter(Boolean).map(Number);
  const day = new Date(Date.UTC(year, month - 1, date));
  return day.getUTCMonth() === month - 1 && day.getUTCDate() === date ? day : null;
}

/** The court's day, not the computer's: the demo moves the one, and the other may be wrong. */
const today = () => parse(document.documentElement.dataset.today);

const element = (tag, properties = {}) => Object.assign(document.createElement(tag), properties);

const unseen = (text) => element('span', { className: 'screen-reader', textContent: text });

function monthButton(text, label, step) {
  const button = element('button', { type: 'button', textContent: text, className: 'button ghost small square' });
  button.setAttribute('aria-label', label);
  button.dataset.step = step;
  return button;
}

function grid(shown, chosen) {
  const table = element('table', { className: 'month' });
  const head = table.createTHead().insertRow();
  for (const name of '一二三四五六日') head.append(element('th', { scope: 'col', textContent: name }));
  const first = new Date(Date.UTC(shown.getUTCFullYear(), shown.getUTCMonth(), 1));
  let day = new Date(first - ((first.getUTCDay() + 6) % 7) * DAY);
  const rows = table.createTBody();
  for (let week = 0; week < 6; week += 1) {
    const row = rows.insertRow();
    for (let weekday = 0; weekday < 7; weekday += 1, day = new Date(+day + DAY)) {
      row.insertCell().append(dayButton(day, shown, chosen));
    }
  }
  return table;
}

function dayButton(day, shown, chosen) {
  const button = element('button', { type: 'button', tabIndex: -1 });
  const [year, month, date] = written(day).split('-').map(Number);
  button.dataset.day = written(day);
  button.append(unseen(`${year}年${month}月`), String(date), unseen('日'));
  button.classList.toggle('other', day.getUTCMonth() !== shown.getUTCMonth());
  button.classList.toggle('today', +day === +today());
  if (+day === +chosen) button.setAttribute('aria-current', 'date');
  if (+day === +shown) button.tabIndex = 0;
  return button;
}

function draw(panel, shown, chosen, focus) {
  const head = element('div', { className: 'month-head' });
  const title = element('b', { textContent: `${shown.getUTCFullYear()}年${shown.getUTCMonth() + 1}月` });
  title.setAttribute('aria-live', 'polite');
  head.append(monthButton('‹', '上一月', -1), title, monthButton('›', '下一月', 1));
  panel.replaceChildren(head, grid(shown, chosen));
  panel.dataset.shown = written(shown);
  if (focus) one(`[data-day="${written(shown)}"]`, panel).focus();
}

function addMonths(day, step) {
  const first = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + step, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return new Date(+first + (Math.min(day.getUTCDate(), length) - 1) * DAY);
}

function open(field) {
  const input = one('input', field);
  const chosen = parse(input.value);
  const panel = element('div', { className: 'month-panel' });
  panel.setAttribute('role', 'dialog');
  panel.setAttribute('aria-label', '选择日期');
  field.append(panel);
  draw(panel, chosen ?? today(), chosen, true);
}

function close(field, { refocus = false } = {}) {
  one('.month-panel', field)?.remove();
  if (refocus) one('input', field).focus();
}

function choose(field, day) {
  const input = one('input', field);
  input.value = day;
  close(field, { refocus: true });
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

document.addEventListener('click', (event) => {
  const field = event.target.closest('[data-day-field]');
  document.querySelectorAll('.month-panel').forEach((panel) => {
    if (panel.parentElement !== field) panel.remove();
  });
  if (!field) return;
  const panel = one('.month-panel', field);
  const { day, step } = event.target.closest('[data-day], [data-step]')?.dataset ?? {};
  if (event.target.closest('[data-day-open]')) panel ? close(field) : open(field);
  else if (day) choose(field, day);
  else if (step) {
    const moved = addMonths(parse(panel.dataset.shown), Number(step));
    draw(panel, moved, parse(one('input', field).value), false);
    one(`[data-step="${step}"]`, panel).focus();
  }
});

const MOVES = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

document.addEventListener('keydown', (event) => {
  const panel = event.target.closest?.('.month-panel');
  if (!panel) return;
  const field = panel.parentElement;
  const { day } = event.target.dataset;
  if (event.key === 'Escape') close(field, { refocus: true });
  else if (day && event.key in MOVES) {
    draw(panel, new Date(+parse(day) + MOVES[event.key] * DAY), parse(one('input', field).value), true);
  } else if (day && (event.key === 'PageUp' || event.key === 'PageDown')) {
    draw(panel, addMonths(parse(day), event.key === 'PageUp' ? -1 : 1), parse(one('input', field).value), true);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// 2026/9/1 becomes 2026-09-01 when the field is left; what is no day stays, for the server to explain.
document.addEventListener('change', (event) => {
  if (!event.target.matches?.('[data-day-field] > input')) return;
  const day = parse(event.target.value);
  if (day) event.target.value = written(day);
});
