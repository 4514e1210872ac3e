// 检查: all findings of the draft in a list below; each selects its element, or leads to its file.
import { all, one } from '../shell/find.js';

const bar = one('#design');
const panel = one('#findings');
const list = one('[data-findings]', panel);
const file = bar.dataset.file;

let select = () => {};
let mark = () => {};
let shown = [];

/** select(element): shows it in the editor; mark(findings of this file): marks them there. */
export function onFinding(selecting, marking = () => {}) {
  select = selecting;
  mark = marking;
  mark(shown);
}

export function showFindings(findings) {
  shown = findings.filter((finding) => finding.file === file);
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  const warnings = findings.length - errors;
  const words = [errors && `${errors} 个错误`, warnings && `${warnings} 个提示`].filter(Boolean);
  const count = one('#findings-count');
  count.textContent = words.join('，') || '无错误';
  count.classList.toggle('red-text', errors > 0);
  one('[data-summary]', panel).textContent = words.join('，') || '没有发现问题';
  list.replaceChildren(...findings.map(line));
  mark(shown);
}

function line({ element, severity, message, file: where }) {
  const item = document.createElement('li');
  const tag = document.createElement('span');
  tag.className = severity === 'error' ? 'tag red' : 'tag yellow';
  tag.textContent = severity === 'error' ? '错误' : '提示';
  const here = where === file;
  const text = document.createElement(here ? 'button' : 'a');
  text.textContent = here || !where ? message : `${where}　${message}`;
  text.className = 'finding';
  if (here) {
    text.type = 'button';
    text.dataset.element = element;
  } else {
    text.href = `${bar.dataset.edit}?file=${encodeURIComponent(where)}&element=${encodeURIComponent(element)}`;
    text.dataset.afterSaving = '';
  }
  item.append(tag, text);
  return item;
}

list.addEventListener('click', (event) => {
  const { element } = event.target.closest('button')?.dataset ?? {};
  if (element !== undefined) select(element);
});

export function openPanel(which) {
  all('[data-panel]').forEach((one_) => { one_.hidden = one_.id !== which; });
}

document.addEventListener('click', async (event) => {
  if (event.target.closest('[data-close-panel]')) openPanel('');
  if (event.target.closest('[data-run=check]')) {
    const { flush, settle } = await import('./saving.js');
    await settle();
    await flush();
    await fetchFindings();
    openPanel('findings');
    list.querySelector('.finding')?.focus();
  }
  if (event.target.closest('[data-run=scenarios]')) {
    const { flush, settle } = await import('./saving.js');
    await settle();
    if (!(await flush())) return;
    openPanel('scenarios');
    window.htmx.ajax('POST', bar.dataset.scenarios, { target: '#scenario-results', swap: 'innerHTML' });
  }
});

export async function fetchFindings() {
  const answer = await fetch(bar.dataset.check);
  if (answer.ok) showFindings((await answer.json()).findings);
}

fetchFindings();
