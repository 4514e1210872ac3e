// The diagram editor: bpmn-js with our properties panel, drafts on the server, findings at their elements.
import Modeler from 'bpmn-js/lib/Modeler';
import { BpmnPropertiesPanelModule } from 'bpmn-js-properties-panel';
import color from 'bpmn-js-color-picker';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import grid from 'diagram-js-grid';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import 'bpmn-js-color-picker/colors/color-picker.css';
import '@bpmn-io/properties-panel/dist/assets/properties-panel.css';
import { onFinding, openPanel } from './design/findings.js';
import { changed, keepSaved } from './design/saving.js';
import words from './design/words.js';
import descriptor from './designer/descriptor.json';
import menus from './designer/menus.js';
import panel, { choices } from './designer/panel.js';
import { colours } from './diagram/colours.js';
import { all, one } from './shell/find.js';

const bar = one('#design');
const host = one('#canvas');

const modeler = new Modeler({
  container: host,
  propertiesPanel: { parent: '#props' },
  additionalModules: [words, BpmnPropertiesPanelModule, panel, menus, grid, color, CreateAppendAnythingModule],
  moddleExtensions: { fd: descriptor },
  ...colours,
});
keepListNames(modeler.get('moddle'));

/** The list of a multi-instance task is named by its variable, which is no element of the file. */
function keepListNames(moddle) {
  const { properties } = moddle.registry.typeMap['bpmn:MultiInstanceLoopCharacteristics'];
  properties
    .filter(({ name }) => /loopData(In|Out)putRef$/.test(name))
    .forEach((property) => Object.assign(property, { type: 'String', isReference: false }));
}

const [xml, given] = await Promise.all([
  fetch(bar.dataset.text).then((answer) => answer.text()),
  fetch(bar.dataset.choices).then((answer) => answer.json()),
]);
Object.assign(choices, given);

const canvas = modeler.get('canvas');
const elements = modeler.get('elementRegistry');
const commands = modeler.get('commandStack');

try {
  await modeler.importXML(xml);
  fit();
  offerRemoval();
  keepSaved(() => modeler.saveXML({ format: true }).then((saved) => saved.xml), xml);
  modeler.on('commandStack.changed', () => {
    buttons();
    changed();
  });
  buttons();
} catch {
  // What cannot be drawn can still be checked, and mended as text.
  one('#not-drawn').hidden = false;
  host.hidden = true;
  openPanel('findings');
}

/** Lines without an end are not drawn, so they can only be taken away from here. */
function offerRemoval() {
  const loose = looseFlows();
  const banner = one('#lost');
  banner.hidden = !loose.length;
  one('[data-told]', banner).textContent = `有 ${loose.length} 条连线断开，图中画不出：${loose.map(({ id }) => id).join('、')}`;
  one('button', banner).onclick = () => {
    const drawn = modeler.getDefinitions().diagrams[0].plane;
    drawn.planeElement = drawn.planeElement.filter((shape) => !loose.includes(shape.bpmnElement));
    loose.forEach((flow) => {
      flow.$parent.flowElements = flow.$parent.flowElements.filter((other) => other !== flow);
      [flow.sourceRef, flow.targetRef].filter(Boolean).forEach((end) => {
        end.outgoing = (end.outgoing ?? []).filter((other) => other !== flow);
        end.incoming = (end.incoming ?? []).filter((other) => other !== flow);
      });
    });
    banner.hidden = true;
    changed();
  };
}

function looseFlows() {
  const inside = ({ flowElements = [] }) => flowElements.flatMap((one_) => [one_, ...inside(one_)]);
  return modeler
    .getDefinitions()
    .rootElements.flatMap(inside)
    .filter(({ $type, sourceRef, targetRef }) => $type === 'bpmn:SequenceFlow' && !(sourceRef && targetRef));
}

function fit() {
  const { inner, outer } = canvas.viewbox();
  const room = 116; // the palette
  const zoom = Math.min(1, Math.max(0.86, (outer.width - room - 20) / inner.width));
  canvas.viewbox({ x: inner.x - room / zoom, y: inner.y - 14 / zoom, width: outer.width / zoom, height: outer.height / zoom });
}

function buttons() {
  one('[data-do=undo]').disabled = !commands.canUndo();
  one('[data-do=redo]').disabled = !commands.canRedo();
}

const acts = { undo: () => commands.undo(), redo: () => commands.redo(), fit };
all('[data-do]').forEach((button) => button.addEventListener('click', () => acts[button.dataset.do]()));

// ---------------------------------------------------------------- findings

function show(id) {
  const element = elements.get(id) ?? holderOf(id) ?? canvas.getRootElement();
  if (element !== canvas.getRootElement()) canvas.scrollToElement(element, 80);
  modeler.get('selection').select(element === canvas.getRootElement() ? [] : element);
}

/** What is drawn for something that has no shape of its own, e.g. an event definition. */
function holderOf(id) {
  return elements.find((element) => {
    const { eventDefinitions = [], loopCharacteristics } = element.businessObject ?? {};
    return [...eventDefinitions, loopCharacteristics].some((inner) => inner?.id === id);
  });
}

let marked = [];

function mark(findings) {
  marked.forEach(({ element, name }) => elements.get(element.id) && canvas.removeMarker(element, name));
  marked = findings.flatMap(({ element: id, severity }) => {
    const element = elements.get(id) ?? holderOf(id);
    if (!element || !element.parent) return [];
    return [{ element, name: severity === 'error' ? 'has-error' : 'has-warning' }];
  });
  marked.forEach(({ element, name }) => canvas.addMarker(element, name));
}

onFinding(show, mark);
const wanted = new URLSearchParams(location.search).get('element');
if (wanted) {
  // The panel listens for selections only after it has been painted.
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 50)));
  show(wanted);
}
host.dataset.ready = '';
