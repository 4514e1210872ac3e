// 试运行: the whole play is here; the server plays it again at each step and says what then stands where.
import { draw, onClick, open, select } from './dry_run/picture.js';
import { typedIn, valuesIn } from './dry_run/values.js';
import { all, one } from './shell/find.js';
import { toast } from './shell/toasts.js';

const host = one('#dry-run');
const side = one('[data-side]');
const log = one('[data-log]');
const keeping = one('#keep-play');
const store = `dry-run:${host.dataset.subject}`;

/** play: as the server gave it; chosen: key of the open item; sample: scenario whose values are proposed. */
let state = { play: null, chosen: '', sample: null };
let queue = Promise.resolve();

const send = (url, content) =>
  fetch(url, {
    method: 'POST',
    body: JSON.stringify(content),
    // Parts of a page, so the server counts nothing for the menu.
    headers: { 'Content-Type': 'application/json', 'HX-Request-Type': 'partial', 'X-CSRFToken': one('meta[name=csrf-token]').content },
  });

// ---------------------------------------------------------------- one step

/** Acts one after another: what is typed into a form changes it before it is sent. */
function ask(act = null, focus = '') {
  delete host.dataset.step; // what is drawn is no longer what is asked for
  queue = queue.then(() => step(act, focus)).catch(() => toast('没有完成', '网络中断，请稍后再试', 'bad'));
  return queue;
}

async function step(act, focus) {
  side.setAttribute('aria-busy', 'true');
  const answer = await send(host.dataset.play, { ...state, act });
  side.removeAttribute('aria-busy');
  const told = await answer.json().catch(() => ({ message: '请刷新页面后再试' }));
  if (told.side === undefined) return toast('试运行没有继续', told.message, 'bad');
  state.play = told.play;
  show(told, answer.ok, focus);
  sessionStorage.setItem(store, JSON.stringify(state));
  await draw(told.picture);
  host.dataset.step = told.play ? told.steps : 'start';
}

function show({ side: shown, log: lines, now, steps, play }, done, focus) {
  const kept = new Set(all('details[data-keep][open]', side).map((part) => part.dataset.keep));
  const top = side.scrollTop;
  fill(side, shown);
  all('details[data-keep]', side).forEach((part) => { part.open ||= kept.has(part.dataset.keep); });
  fill(log, lines);
  one('[data-no-log]').hidden = Boolean(play);
  log.scrollTop = log.scrollHeight;
  one('.play-clock').hidden = !now;
  one('[data-now]').textContent = now;
  one('[data-steps]').textContent = steps || '';
  all('.tool-bar [data-do]').forEach((button) => { button.disabled = !play; });
  state.chosen = one('.play-item.open [data-choose]', side)?.dataset.choose ?? '';
  state.sample = one('[data-sample]', side)?.value ?? state.sample;
  side.scrollTop = top;
  place(done, focus);
}

/** What the server has drawn, in the place of what was there. */
function fill(holder, drawn) {
  const range = document.createRange();
  range.selectNodeContents(holder);
  holder.replaceChildren(range.createContextualFragment(drawn));
}

/** The eye belongs in the first field to mend, or to fill; the keyboard goes on from there. */
function place(done, focus) {
  const wrong = one('[aria-invalid=true], [role=alert]', side);
  if (!done && wrong) wrong.focus();
  else if (focus === 'form') toFill()?.focus({ preventScroll: true });
  else if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

/** The first empty field; when there is none the button, so that Enter goes on. */
function toFill() {
  const form = one('.play-form', side) ?? one('form', side);
  const fields = all('input:not([data-code], [type=checkbox], [type=hidden]), select:not([data-kind]), textarea', form ?? side);
  const isEmpty = (field) => (field.type === 'radio' ? !all(`input[name="${CSS.escape(field.name)}"]`, form).some((r) => r.checked) : !field.value);
  return fields.find((field) => !field.readOnly && !field.disabled && isEmpty(field)) ?? one('button[type=submit], .button', form ?? side);
}

// ---------------------------------------------------------------- what one may do

const forms = {
  start: (form) => ({ rows: valuesIn(form).filter((_, i) => !all('[data-value-row]', form)[i].closest('[data-facts]')), facts: valuesIn(one('[data-facts]', form) ?? document.createElement('div')), stops: form.elements.stops.checked }),
  complete: (form) => ({ typed: typedIn(form), rows: valuesIn(form) }),
  send: (form) => ({ rows: valuesIn(form) }),
  facts: (form) => ({ rows: valuesIn(form) }),
  days: (form) => ({ days: form.elements.days.value.trim() }),
};

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.act === undefined) return;
  event.preventDefault();
  const { act, key } = form.dataset;
  ask({ do: act, key, ...forms[act](form) }, act === 'facts' ? '' : act === 'days' ? 'play-days' : 'form');
});

const acts = {
  undo() {
    if (!state.play) return;
    if (!state.play.commands.length) return acts.restart();
    state.play.commands.pop();
    ask(null, 'form');
  },
  restart() {
    state.play = null;
    state.chosen = '';
    ask(null, 'form');
  },
  keep() {
    keeping.showModal();
  },
};

document.addEventListener('click', (event) => {
  const at = (selector) => event.target.closest(selector);
  const form = at('.play-form');
  if (at('[data-do]')) acts[at('[data-do]').dataset.do]();
  else if (at('[data-next]')) ask({ do: 'next' }, 'form');
  else if (at('[data-fill]')) ask({ do: 'fill', key: form.dataset.key }, 'form');
  else if (at('[data-end-with-error]')) ask({ do: 'error', key: form.dataset.key, code: one('[data-code]', form).value }, 'form');
  else if (at('[data-select]')) choose(at('[data-select]').dataset.select);
  else if (at('[data-choose]')) openItem(at('[data-choose]'));
  else if (at('#dry-run [data-element]')) choose(at('[data-element]').dataset.element);
});

function openItem({ dataset }) {
  select(dataset.element);
  if (dataset.choose === state.chosen) return;
  state.chosen = dataset.choose;
  ask(null, 'form');
}

document.addEventListener('change', (event) => {
  const { target } = event;
  if (target.matches('[data-sample]')) {
    state.sample = target.value;
    ask(null, 'play-sample');
  } else if (target.form?.dataset.depends !== undefined && !target.matches('[data-code]')) {
    ask({ do: 'fields', key: target.form.dataset.key, typed: typedIn(target.form) }, document.activeElement?.id);
  }
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches?.('input:not([type=checkbox], [type=radio]), textarea, select');
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z' && !typing && !one('dialog[open]')) {
    event.preventDefault();
    acts.undo();
  }
  if (event.key === 'Enter' && event.target.matches?.('[data-code]')) {
    event.preventDefault();
    one('[data-end-with-error]', event.target.form).click();
  } else if (event.key === 'Enter' && event.target.matches?.('li[data-element], tr[data-element]')) choose(event.target.dataset.element);
});

// ---------------------------------------------------------------- log and picture

function choose(id) {
  select(id);
  all('[data-log] li, .play-time tr').forEach((row) => row.classList.toggle('current', row.dataset.element === id));
}

onClick((id) => {
  choose(id);
  const last = all('[data-log] li.current').at(-1);
  last?.scrollIntoView({ block: 'nearest' });
  const item = all('[data-choose]', side).find(({ dataset }) => dataset.element === id);
  if (item) openItem(item);
});

// ---------------------------------------------------------------- kept as a scenario

keeping.addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.target;
  const act = { title: form.elements.title.value, file: form.elements.file.value };
  const answer = await send(host.dataset.save, { ...state, act });
  const told = await answer.json().catch(() => ({ errors: { '': '没有存入，请稍后再试' } }));
  ['title', 'file'].forEach((name) => tell(form.elements[name], one(`#keep-${name}-error`), told.errors?.[name]));
  const refused = one('[data-refused]', form);
  const whole = told.errors?.[''] ?? told.message;
  refused.hidden = !whole;
  one('div', refused).textContent = whole ?? '';
  if (!answer.ok) return;
  keeping.close();
  form.reset();
  one('[data-version]').textContent = told.version;
  toast('已存为场景', `${told.file}，已存入草稿`);
});

function tell(field, place_, sentence) {
  place_.hidden = !sentence;
  place_.textContent = sentence ?? '';
  if (sentence) {
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', place_.id);
    field.focus();
  } else field.removeAttribute('aria-invalid');
}

// ---------------------------------------------------------------- begin

try {
  state = { ...state, ...JSON.parse(sessionStorage.getItem(store)) };
} catch {
  // What cannot be read is left behind: the play begins anew.
}
await open();
await ask(null, 'form');
