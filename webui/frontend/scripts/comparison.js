// Two versions of a diagram: what is new and changed in the new picture, what is gone in the old one.
// The list beside it says the same in sentences; a sentence selects its element.
import Viewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import words from './design/words.js';
import { colours } from './diagram/colours.js';
import { all, one } from './shell/find.js';

const host = one('[data-comparison]');
const viewer = new Viewer({ container: host, additionalModules: [words], ...colours });
const canvas = viewer.get('canvas');
const elements = viewer.get('elementRegistry');
const buttons = all('button[data-which]');
const facts = await fetch(host.dataset.facts).then((answer) => answer.json());
const shown = { new: ['added', 'changed', 'moved'], old: ['removed', 'changed', 'moved'] };
let current = '';

async function draw(which) {
  if (which === current) return;
  current = which;
  const xml = await fetch(host.dataset[which]).then((answer) => answer.text());
  try {
    await viewer.importXML(xml);
  } catch {
    one('#not-drawn').hidden = false;
    return;
  }
  fit();
  shown[which].forEach((kind) =>
    facts[kind].filter((id) => elements.get(id)).forEach((id) => canvas.addMarker(id, `diff-${kind}`)));
  buttons.forEach((button) => button.setAttribute('aria-pressed', button.dataset.which === which));
}

function fit() {
  canvas.zoom('fit-viewport', 'auto');
  const zoom = Math.min(1, Math.max(0.86, canvas.zoom() * 0.97));
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / zoom;
  const x = width > inner.width ? inner.x - (width - inner.width) / 2 : inner.x - 12;
  canvas.viewbox({ x, y: inner.y - 14, width, height: outer.height / zoom });
}

async function select(row) {
  const id = row.dataset.element;
  if (!id) return;
  await draw(row.dataset.kind === 'removed' ? 'old' : 'new');
  all('[data-element]').forEach((other) => other.classList.toggle('current', other === row));
  elements.forEach((element) => canvas.removeMarker(element, 'selected-element'));
  const element = elements.get(id);
  if (!element) return;
  canvas.scrollToElement(element, 80);
  canvas.addMarker(element, 'selected-element');
}

buttons.forEach((button) => button.addEventListener('click', () => draw(button.dataset.which)));
all('[data-zoom]').forEach((button) =>
  button.addEventListener('click', () => {
    if (button.dataset.zoom === 'fit') fit();
    else viewer.get('zoomScroll').stepZoom(Number(button.dataset.zoom));
  }),
);
all('[data-element]').forEach((row) => {
  row.addEventListener('click', () => select(row));
  row.addEventListener('keydown', (event) => event.key === 'Enter' && select(row));
});
all('form[data-choose] select').forEach((field) => field.addEventListener('change', () => field.form.submit()));

await draw('new');
host.dataset.ready = '';
