// The diagram of a dry run: what tokens have passed, where they stand, and how they get there.
import Viewer from 'bpmn-js/lib/NavigatedViewer';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/diagram-js.css';
import chinese from '../diagram/chinese.js';
import { colours } from '../diagram/colours.js';
import { all, one } from '../shell/find.js';
import { travel } from './travel.js';

// Names of elements are never smaller than 11 px and never larger than drawn.
const SMALLEST = 0.86;

const host = one('[data-drawing]');
const viewer = new Viewer({ container: host, additionalModules: [chinese], ...colours });
const canvas = viewer.get('canvas');
const elements = viewer.get('elementRegistry');
const overlays = viewer.get('overlays');

let marked = [];
let turn = 0;

export async function open() {
  const xml = await fetch(host.dataset.drawing).then((answer) => answer.text());
  try {
    await viewer.importXML(xml);
  } catch {
    one('#not-drawn').hidden = false;
    return;
  }
  fit();
  all('[data-zoom]').forEach((button) =>
    button.addEventListener('click', () => {
      if (button.dataset.zoom === 'fit') fit();
      else viewer.get('zoomScroll').stepZoom(Number(button.dataset.zoom));
    }),
  );
}

function fit() {
  canvas.zoom('fit-viewport', 'auto');
  const zoom = Math.min(1, Math.max(SMALLEST, canvas.zoom() * 0.97));
  const { inner, outer } = canvas.viewbox();
  const width = outer.width / zoom;
  const x = width > inner.width ? inner.x - (width - inner.width) / 2 : inner.x - 12;
  canvas.viewbox({ x, y: inner.y - 14, width, height: outer.height / zoom });
}

function mark(id, name) {
  if (!elements.get(id)) return;
  canvas.addMarker(id, name);
  marked.push([id, name]);
}

function clear(which = () => true) {
  marked.filter(([, name]) => which(name)).forEach(([id, name]) => elements.get(id) && canvas.removeMarker(id, name));
  marked = marked.filter(([, name]) => !which(name));
}

/** Moves the tokens of the last command, then shows where they stand; a later call overtakes this one. */
export async function draw({ visited, flows, here, incidents, fresh }) {
  turn += 1;
  const mine = turn;
  overlays.clear();
  clear((name) => name === 'here' || name === 'standstill');
  if (fresh.length) {
    fresh.flat().slice(0, 1).forEach(bring);
    await travel(canvas, elements, fresh, () => mine !== turn);
    if (mine !== turn) return;
  }
  clear((name) => name !== 'selected-element');
  flows.forEach((id) => mark(id, 'on-path'));
  visited.forEach((id) => mark(id, 'visited'));
  here.forEach(({ id, count }) => {
    mark(id, 'here');
    badge(id, 'token', count > 1 ? count : '●', count > 1 ? `${count} 项在此等待` : '在此等待');
  });
  incidents.forEach((id) => {
    mark(id, 'standstill');
    badge(id, 'incident', '!', '停在这里');
  });
  const last = elements.get(fresh.at(-1)?.at(-1))?.target?.id;
  [here[0]?.id ?? last].filter(Boolean).forEach(bring);
}

function badge(id, name, text, title) {
  if (!elements.get(id)) return;
  const html = document.createElement('div');
  Object.assign(html, { className: name, textContent: text, title });
  overlays.add(id, name, { position: { top: -12, right: 14 }, html });
}

function bring(id) {
  if (elements.get(id)) canvas.scrollToElement(id, { top: 60, bottom: 70, left: 40, right: 40 });
}

export function select(id) {
  clear((name) => name === 'selected-element');
  if (!elements.get(id)) return;
  mark(id, 'selected-element');
  bring(id);
}

export function onClick(chosen) {
  viewer.on('element.click', ({ element }) => chosen(element.labelTarget?.id ?? element.id));
}
