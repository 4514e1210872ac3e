// What the officer's page says: about the network, about what was kept, about what must be mended.
import { all, one } from '../shell/find.js';

const FIELDS = { people: '在场人员', course: '经过', result: '办理结果' };
const time = (at) => new Date(at).toTimeString().slice(0, 5);

/** About the network; nothing when all has been sent. */
export function say(words) {
  const line = one('[data-connection]');
  line.hidden = !words;
  one('span', line).textContent = words;
}

/** Why something was not taken; ``theirs``: what another device has saved instead. */
export function sayRefused(words, theirs) {
  const place = one('[data-refusal]');
  const lines = Object.entries(theirs ?? {})
    .filter(([, text]) => text)
    .map(([name, text]) => `${FIELDS[name]}：${text}`);
  place.textContent = lines.length ? [words, '另一台设备上的内容', ...lines].join('\n') : words;
  place.classList.toggle('said', Boolean(words));
  if (words) place.scrollIntoView({ block: 'center' });
}

/** Sentences beside their fields; the first one is shown. */
export function showProblems(problems) {
  all('.officer .error').forEach((line) => line.remove());
  all('.officer [aria-invalid]').forEach((field) => field.removeAttribute('aria-invalid'));
  for (const [name, words] of Object.entries(problems)) {
    const line = Object.assign(document.createElement('div'), { className: 'error', id: `${name}-error` });
    line.textContent = words;
    const field = one(`#${name}`);
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', line.id);
    (name === 'photos' ? one('[data-photos]') : field).after(line);
  }
  const first = one('.officer [aria-invalid]');
  first?.focus({ preventScroll: true });
  first?.scrollIntoView({ block: 'center' });
}

/** While 办结 is on its way nothing is changed any more. */
export function lock(locked) {
  one('[data-field]').classList.toggle('locked', locked);
  all('#record button, #record textarea, #arrived_at, [data-arrive] button, [data-add]').forEach((field) => {
    field.disabled = locked;
  });
}

/** Until the court has answered there is nothing to press again. */
export function showArriving({ made }) {
  one('[data-arrival]').textContent = `${time(made)} 到达，待提交`;
}

/** The court's answer to 到达; a time that was typed since stays. */
export function showArrival({ arrival, arrived_at: at, version }, typedTime) {
  const drawn = new DOMParser().parseFromString(arrival, 'text/html');
  one('[data-arrival]').replaceChildren(...drawn.body.childNodes);
  if (!typedTime) one('#arrived_at').value = at;
  one('[data-record]').elements.version.value = version;
}

export function showSaved({ version }) {
  one('[data-record]').elements.version.value = version;
  one('[data-saved]').textContent = `已暂存 ${time(Date.now())}`;
}
