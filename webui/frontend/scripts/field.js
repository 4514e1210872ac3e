// The officers' pages: whatever is done goes into the outbox first and from there to the court, at once or
// when the network is back. The page says which of the two, and shows what was refused.
import './field/phone.css';
import { showLeftovers } from './field/leftovers.js';
import * as outbox from './field/outbox.js';
import { countPhotos, refusal, showStored, showWaiting } from './field/photos.js';
import { whereabouts } from './field/place.js';
import { lock, say, sayRefused, showArrival, showArriving, showProblems, showSaved } from './field/saying.js';
import { NO_NETWORK, send } from './field/sending.js';
import { one } from './shell/find.js';
import { toast } from './shell/toasts.js';

const page = one('[data-field]');
const { officer, task } = page.dataset;
const form = one('[data-record]'); // only while the errand is being worked on
const TYPED = `save-${task}`; // one entry for what stands in the form, replaced at every change
const TRY_AGAIN = 15_000; // ms
const AT_REST = 3000; // ms without typing, then it goes to the server
const LOCATING = 10_000; // ms; so long something waits for its place

// ---------------------------------------------------------------- keeping

async function keep(entry) {
  const kept = { officer, task, made: Date.now(), fields: {}, ...entry };
  if (!(await outbox.put(kept))) say('本机不能保存内容，提交前请不要关闭页面');
  return kept;
}

let typedTime = false;

function typed() {
  const fields = Object.fromEntries(new FormData(form));
  delete fields.csrf_token;
  // Only a time that was typed is the officer's word; the other is the court's own.
  if (!typedTime) delete fields.arrived_at;
  return fields;
}

const keepTyped = () => keep({ id: TYPED, kind: 'save', fields: typed() });

/** A 办结 that was refused is typed text again, for its own page to show. */
async function backToDraft(entry, refused = '') {
  const { submission_id: _, ...fields } = entry.fields;
  await outbox.put({ ...entry, id: `save-${entry.task}`, kind: 'save', fields, refused });
  await outbox.remove(entry.id);
  if (entry.task === task) lock(false);
}

// ---------------------------------------------------------------- what becomes of an entry

const here = (entry) => form && entry.task === task;

const done = {
  photo: (entry, { html }) => showStored(entry, html),
  arrive: (_, answer) => showArrival(answer, typedTime),
  save: (_, answer) => showSaved(answer),
  finish: (_, { location }) => window.location.assign(location),
};

async function refuse(entry, words, answer) {
  if (entry.kind === 'finish') {
    await backToDraft(entry, here(entry) ? '' : words);
    if (!here(entry)) return;
    const problems = answer.problems ?? {};
    showProblems(problems);
    sayRefused(Object.keys(problems).length ? '' : words);
    return;
  }
  const refused = { ...entry, refused: words };
  await outbox.put(refused);
  if (!here(entry)) return;
  if (entry.kind === 'photo') showWaiting(refused);
  else sayRefused(words, answer.theirs);
  if (answer.theirs) form.elements.version.value = answer.version; // saving again is then on purpose
}

/** False: nothing goes out now. */
async function settle(entry) {
  const { state, words, answer } = await send(entry);
  if (state === 'waiting') say(words);
  if (state === 'refused') await refuse(entry, words, answer);
  if (state !== 'done') return state === 'refused';
  const now = await outbox.get(entry.id);
  // Typed on while it was under way: the newer text stays for the next time.
  if (!now || now.made === entry.made) await outbox.remove(entry.id);
  if (here(entry)) done[entry.kind](entry, answer);
  else if (entry.kind === 'finish') window.location.reload();
  return true;
}

// ---------------------------------------------------------------- sending

let underWay = null;
let again = false;

/** Everything that waits, in its order; called while it runs, it runs once more. */
function flush() {
  again = Boolean(underWay);
  underWay ??= inTurn(sendAll).finally(() => {
    underWay = null;
    if (again) flush();
  });
  return underWay;
}

/** Two windows of one phone take turns; the server would take each thing only once anyway. */
const inTurn = (act) => (navigator.locks ? navigator.locks.request('fenduan-field', act) : act());

async function sendAll() {
  for (const { id } of await outbox.all(officer)) {
    const entry = await outbox.get(id); // as it is now
    if (!entry || entry.refused || isLocating(entry)) continue;
    if (entry.kind === 'finish' && (await holdsBack(entry))) continue;
    if (!(await settle(entry))) return;
  }
  say('');
  const rest = await outbox.all(officer);
  showLeftovers(rest.filter((entry) => entry.refused && !here(entry)));
}

const isLocating = ({ locating }) => locating && Date.now() - locating < LOCATING;

/** An errand does not end while a photo of it, or the arrival, has not come to the court. */
async function holdsBack(entry) {
  const others = (await outbox.all(officer)).filter((other) => other.task === entry.task);
  const before = others.filter((other) => other.kind === 'photo' || other.kind === 'arrive');
  if (!before.some((other) => other.refused && other.kind === 'photo')) return before.some((other) => !other.refused);
  const words = '有照片没有被接收，请移除后再办结';
  await backToDraft(entry, here(entry) ? '' : words);
  if (here(entry)) sayRefused(words);
  return true;
}

window.addEventListener('online', flush);
window.addEventListener('offline', () => say(NO_NETWORK));
setInterval(async () => {
  if ((await outbox.all(officer)).some((entry) => !entry.refused)) flush();
}, TRY_AGAIN);

// ---------------------------------------------------------------- acts

/** Safe on the phone before it has found its place, which takes seconds; sent when it has. */
async function locate(entry, place) {
  const kept = await keep({ ...entry, locating: Date.now() });
  place.then(async (fields) => {
    if (!(await outbox.get(kept.id))) return; // removed meanwhile
    await outbox.put({ ...kept, locating: 0, fields: { ...kept.fields, ...fields } });
    flush();
  });
  return kept;
}

const consent = one('[data-consent]'); // kept for the next errand
const place = () => whereabouts(consent.checked);

async function addPhotos(files) {
  const where = place();
  for (const file of files) {
    const why = refusal(file);
    if (why) {
      toast(file.name, why, 'bad');
      continue;
    }
    const id = outbox.newId();
    const picture = { type: file.type, bytes: await file.arrayBuffer() };
    const kept = await locate({ id, kind: 'photo', file: picture, fields: { upload_id: id } }, where);
    showWaiting(kept);
  }
}

async function arrive() {
  typedTime = false;
  const kept = await locate({ id: `arrive-${task}`, kind: 'arrive' }, place());
  showArriving(kept);
}

async function save() {
  await keepTyped();
  await flush();
  if (!(await outbox.get(TYPED))) toast('已暂存');
}

async function finish() {
  const fields = typed();
  const id = outbox.newId();
  sayRefused('');
  showProblems({});
  lock(true);
  await keep({ id, kind: 'finish', fields: { ...fields, submission_id: id } });
  await outbox.remove(TYPED);
  flush();
}

let resting;

function onInput(event) {
  if (event.target.form !== form) return;
  if (event.target.id === 'arrived_at') typedTime = true;
  one('[data-saved]').textContent = '';
  keepTyped();
  clearTimeout(resting);
  resting = setTimeout(flush, AT_REST);
}

function listen() {
  consent.checked = localStorage.getItem('fenduan-place') !== 'no';
  consent.addEventListener('change', () => localStorage.setItem('fenduan-place', consent.checked ? 'yes' : 'no'));
  page.addEventListener('input', onInput);
  one('[data-add]').addEventListener('change', async (event) => {
    await addPhotos([...event.target.files]);
    event.target.value = '';
  });
  // The button comes anew with every answer.
  page.addEventListener('submit', (event) => {
    if (!event.target.matches('[data-arrive]')) return;
    event.preventDefault();
    arrive();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(resting);
    if (event.submitter?.matches('[data-save]')) save();
    else finish();
  });
}

/** What a page that was closed or lost its network had not sent yet. */
async function takeUp() {
  const waiting = (await outbox.all(officer)).filter((entry) => entry.task === task);
  for (const entry of waiting) {
    if (entry.kind === 'photo') showWaiting(entry);
    if (entry.kind === 'arrive') showArriving(entry);
    if (entry.kind === 'finish') lock(true);
    for (const name of ['people', 'course', 'result', 'arrived_at']) {
      if (name in entry.fields) one(`#${name}`).value = entry.fields[name];
    }
    if ('arrived_at' in entry.fields) typedTime = true;
    if (entry.refused && entry.kind !== 'photo') sayRefused(entry.refused);
  }
}

if (form) {
  listen();
  await takeUp();
  countPhotos();
}
await flush();
if (!navigator.onLine) say(NO_NETWORK);
