// One viewer for three pages (templates/_diagram.html): the counts of a definition, the positions of
// an instance, the differences of two versions. The table beside the diagram says the same in words;
// rows with data-element select in the picture, and the picture selects rows.
import Viewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import chinese from './diagram/chinese.js';
import { colours } from './diagram/colours.js';
import { all, one } from './shell/find.js';

// Names of elements are never smaller than 11 px and never larger than drawn.
const SMALLEST = 0.86;
const HEATS = 6;

const host = one('[data-diagram]');
const viewer = new Viewer({ container: host, additionalModules: [chinese], ...colours });
const canvas = viewer.get('canvas');
const overlays = viewer.get('overlays');
const elements = viewer.get('elementRegistry');

const [xml, facts] = await Promise.all([
  fetch(host.dataset.diagram).then((answer) => answer.text()),
  host.dataset.facts ? fetch(host.dataset.facts).then((answer) => answer.json()) : {},
]);
await viewer.importXML(xml);
fit();
({ counts: showCounts, instance: showInstance, difference: showDifference })[host.dataset.view]?.(facts);
host.dataset.ready = '';

function fit() {
  canvas.zoom('fit-viewport', 'auto');
  const zoom = Math.min(1, Math.max(SMALLEST, canvas.zoom() * 0.97));
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / zoom;
  const x = width > inner.width ? inner.x - (width - inner.width) / 2 : inner.x - 12;
  canvas.viewbox({ x, y: inner.y - 14, width, height: outer.height / zoom });
}

function mark(id, name, on = true) {
  if (!elements.get(id)) return;
  if (on) canvas.addMarker(id, name);
  else canvas.removeMarker(id, name);
}

function badge(id, position, name, text, title) {
  if (!elements.get(id)) return;
  const html = document.createElement('div');
  Object.assign(html, { className: name, textContent: text, title });
  overlays.add(id, name, { position, html });
}

// ---------------------------------------------------------------- counts of a definition

/** {nodes: {id: {active, overdue, hours, done}}}; hours: mean time at the element, null if none. */
function showCounts({ nodes }) {
  for (const [id, { active, overdue, hours, done }] of Object.entries(nodes)) {
    if (active) badge(id, { top: -14, right: 16 }, 'token', active, `在办 ${active} 件`);
    if (overdue) badge(id, { bottom: 10, left: 8 }, 'overdue-badge', `超期${overdue}`, `其中超期 ${overdue} 件`);
    if (hours !== null) {
      const spent = duration(hours);
      badge(id, { bottom: 10, right: 60 }, 'duration', spent, `平均用时 ${spent}，累计完成 ${done} 件`);
    }
  }
  heat(nodes, true);
  all('button[data-layer]').forEach((button) =>
    button.addEventListener('click', () => {
      all('button[data-layer]').forEach((b) => b.setAttribute('aria-pressed', b === button));
      host.dataset.layer = button.dataset.layer;
      heat(nodes, button.dataset.layer === 'heat');
    }),
  );
}

function duration(hours) {
  if (hours < 1) return '<1小时';
  return hours < 48 ? `${Math.round(hours)}小时` : `${Math.round(hours / 24)}天`;
}

/** Colours by rank, not by value: one element that takes months would make all others equal. */
function heat(nodes, on) {
  const timed = Object.entries(nodes).filter(([, node]) => node.hours !== null);
  const ranked = timed.map(([, node]) => node.hours).sort((a, b) => a - b);
  for (const [id, { hours }] of timed) {
    const step = 1 + Math.floor(((HEATS - 2) * ranked.indexOf(hours)) / ranked.length);
    for (let i = 0; i < HEATS; i += 1) mark(id, `heat-${i}`, on && i === step);
  }
}

// ---------------------------------------------------------------- one instance

/** {flows: [ids taken], visited: [ids], here: [ids], incidents: [ids]} */
function showInstance({ flows, visited, here, incidents }) {
  flows.forEach((id) => mark(id, 'on-path'));
  visited.forEach((id) => mark(id, 'visited'));
  here.forEach((id) => {
    mark(id, 'here');
    const broken = incidents.includes(id);
    badge(id, { top: -12, right: 14 }, broken ? 'incident' : 'token', broken ? '!' : '●', broken ? '异常' : '当前位置');
  });
}

// ---------------------------------------------------------------- two versions

/** {added: [ids], changed: [ids], moved: [ids]} */
function showDifference({ added, changed, moved }) {
  added.forEach((id) => mark(id, 'diff-added'));
  changed.forEach((id) => mark(id, 'diff-changed'));
  moved.forEach((id) => mark(id, 'diff-moved'));
}

// ---------------------------------------------------------------- zoom, rows and picture

all('[data-zoom]').forEach((button) =>
  button.addEventListener('click', () => {
    if (button.dataset.zoom === 'fit') fit();
    else viewer.get('zoomScroll').stepZoom(Number(button.dataset.zoom));
  }),
);

const rows = all('[data-element]');

function select(id) {
  rows.forEach((row) => row.classList.toggle('current', row.dataset.element === id));
  elements.forEach((element) => canvas.removeMarker(element, 'selected-element'));
  if (elements.get(id)) canvas.addMarker(id, 'selected-element');
}

viewer.on('element.click', ({ element }) => select(element.id));
rows.forEach((row) => {
  const choose = (event) => {
    if (event.target.closest('a, button')) return;
    const element = elements.get(row.dataset.element);
    if (element) canvas.scrollToElement(element);
    select(row.dataset.element);
  };
  row.addEventListener('click', choose);
  row.addEventListener('keydown', (event) => event.key === 'Enter' && choose(event));
});
