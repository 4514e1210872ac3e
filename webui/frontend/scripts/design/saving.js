// Keeps the file that an editor shows on the server: saves a moment after each change, says when and by
// whom, and tells the second of two people instead of overwriting the first.
import { one } from '../shell/find.js';
import { toast } from '../shell/toasts.js';
import { showFindings } from './findings.js';

const CALM = 1200; // milliseconds without a change

const bar = one('#design');
const status = one('#saved');
const conflict = one('#conflict');
const token = one('meta[name=csrf-token]').content;

let read = async () => '';
let seen = Number(bar.dataset.version);
let stored = null;
let timer = null;
let running = null;
let dirty = false;

/** read(): what to store. stored: the text that the server has, so that opening alone saves nothing. */
export function keepSaved(reader, text) {
  read = reader;
  stored = text;
}

export function changed() {
  if (bar.dataset.locked !== undefined) return;
  dirty = true;
  say('有改动');
  clearTimeout(timer);
  timer = setTimeout(flush, CALM);
}

/** Stores what is not stored yet; whether all is stored afterwards. */
export async function flush() {
  clearTimeout(timer);
  await running;
  if (!dirty) return true;
  running = send();
  const done = await running;
  running = null;
  return done;
}

async function send() {
  dirty = false;
  const text = await read();
  if (text === stored) {
    say('');
    return true;
  }
  say('正在保存…');
  let answer;
  try {
    answer = await fetch(`${bar.dataset.text}&seen=${seen}`, {
      method: 'POST',
      body: text,
      headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-CSRFToken': token },
    });
  } catch {
    return failed('网络中断，尚未保存；连接恢复后会再次保存');
  }
  const told = await answer.json().catch(() => ({ message: '没有保存，请刷新页面后再试' }));
  if (answer.status === 409) return overtaken(told);
  if (!answer.ok) return failed(told.message);
  stored = text;
  seen = told.version;
  say(told.saved);
  one('#draft-tag').hidden = false;
  showFindings(told.findings);
  document.dispatchEvent(new CustomEvent('design:saved'));
  return true;
}

function failed(sentence) {
  dirty = true;
  say('尚未保存');
  toast('没有保存', sentence, 'bad');
  clearTimeout(timer);
  timer = setTimeout(flush, 10 * CALM);
  return false;
}

/** Somebody else has saved since: nothing is stored until the person has chosen. */
function overtaken({ message, version }) {
  dirty = true;
  say('尚未保存');
  one('[data-told]', conflict).textContent = message;
  conflict.hidden = false;
  conflict.dataset.version = version;
  return false;
}

function say(text) {
  status.textContent = text || status.dataset.first;
}

conflict?.addEventListener('click', (event) => {
  if (event.target.closest('[data-take-theirs]')) {
    dirty = false;
    location.reload();
  } else if (event.target.closest('[data-keep-mine]')) {
    seen = Number(conflict.dataset.version);
    conflict.hidden = true;
    flush();
  }
});

document.addEventListener('click', async (event) => {
  if (event.target.closest('[data-run=save]')) {
    await settle();
    if (await flush()) toast('草稿已保存', status.textContent);
  }
  const link = event.target.closest('a[data-after-saving]');
  if (link && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    await settle();
    if (await flush()) location.href = link.href;
  }
});

/** A field that is being typed in hands its text over when it is left, a moment later. */
export async function settle() {
  if (document.activeElement?.matches?.('input, textarea, select')) document.activeElement.blur();
  await new Promise((done) => setTimeout(done, 350));
}

document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    event.preventDefault();
    one('[data-run=save]')?.click();
  }
});

window.addEventListener('beforeunload', (event) => {
  if (dirty) event.preventDefault();
});
