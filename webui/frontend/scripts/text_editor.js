// Rules, scenarios and templates as text: line numbers, saved as one types, findings by their line.
import { onFinding } from './design/findings.js';
import { changed, keepSaved } from './design/saving.js';
import { one } from './shell/find.js';

const text = one('[data-editor]');
const numbers = one('[data-line-numbers]');

const wraps = text.getAttribute('wrap') !== 'off';
const mirror = document.createElement('div');
mirror.className = 'mirror';
if (wraps) text.parentElement.append(mirror);

const lineOf = (content) => Object.assign(document.createElement('span'), { textContent: content });

/** A number for each line; where long lines wrap, as high as the line is in a copy of the same width. */
function count() {
  const lines = text.value.split('\n');
  if (lines.length !== numbers.childElementCount) {
    numbers.replaceChildren(...lines.map((_, index) => lineOf(index + 1)));
  }
  if (!wraps) return;
  const { paddingLeft, paddingRight } = getComputedStyle(text);
  mirror.style.width = `${text.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)}px`;
  mirror.replaceChildren(...lines.map((line) => lineOf(line || ' ')));
  [...mirror.children].forEach((line, index) => {
    numbers.children[index].style.height = `${line.getBoundingClientRect().height}px`;
  });
}

function follow() {
  numbers.scrollTop = text.scrollTop;
}

/** A finding's element is its line; a name is looked for in the text. */
function show(element) {
  const lines = text.value.split('\n');
  const number = /^\d+$/.test(element) ? Number(element) : lines.findIndex((line) => element && line.includes(element)) + 1;
  if (!number) return text.focus();
  const start = lines.slice(0, number - 1).join('\n').length + (number > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + lines[number - 1].length);
  text.scrollTop = Math.max(0, numbers.children[number - 1].offsetTop - text.clientHeight / 3);
  return follow();
}

function mark(findings) {
  [...numbers.children].forEach((line) => line.classList.remove('has-finding'));
  findings.forEach(({ element }) => numbers.children[Number(element) - 1]?.classList.add('has-finding'));
}

keepSaved(async () => text.value, text.value);
count();
text.addEventListener('input', () => {
  count();
  changed();
});
text.addEventListener('scroll', follow);
window.addEventListener('resize', count);
onFinding(show, mark);
