// The decision table editor: dmn-js in Chinese, drafts on the server, findings at their rows.
import DmnModeler from 'dmn-js/lib/Modeler';
import 'dmn-js/dist/assets/diagram-js.css';
import 'dmn-js/dist/assets/dmn-js-shared.css';
import 'dmn-js/dist/assets/dmn-js-drd.css';
import 'dmn-js/dist/assets/dmn-js-decision-table.css';
import 'dmn-js/dist/assets/dmn-js-decision-table-controls.css';
import 'dmn-js/dist/assets/dmn-js-literal-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression.css';
import 'dmn-js/dist/assets/dmn-js-boxed-expression-controls.css';
import 'dmn-js/dist/assets/dmn-font/css/dmn.css';
import { onFinding, openPanel } from './design/findings.js';
import { changed, keepSaved } from './design/saving.js';
import words, { translateTitles } from './design/table_words.js';
import { one } from './shell/find.js';

const bar = one('#design');
const host = one('#canvas');
const watched = new Set();
translateTitles(host);
const view = { additionalModules: [words] };
const modeler = new DmnModeler({
  container: host,
  common: { additionalModules: [words] },
  drd: view,
  decisionTable: view,
  literalExpression: view,
  boxedExpression: view,
});

const xml = await fetch(bar.dataset.text).then((answer) => answer.text());

try {
  await modeler.importXML(xml, { open: false });
  const views = modeler.getViews();
  await modeler.open(views.find(({ type }) => type === 'decisionTable') ?? views[0]);
  keepSaved(() => modeler.saveXML({ format: true }).then((saved) => saved.xml), xml);
  watch();
  modeler.on('views.changed', watch);
} catch {
  one('#not-drawn').hidden = false;
  host.hidden = true;
  openPanel('findings');
}

/** Each view is an editor of its own, made when it is first opened. */
function watch() {
  const viewer = modeler.getActiveViewer();
  if (!viewer || watched.has(viewer)) return;
  watched.add(viewer);
  viewer.on('commandStack.changed', changed);
}

function cellsOf(id) {
  return [...host.querySelectorAll(`[data-element-id="${CSS.escape(id)}"], [data-row-id="${CSS.escape(id)}"]`)];
}

function show(id) {
  const cell = cellsOf(id)[0];
  cell?.scrollIntoView({ block: 'center', inline: 'center' });
  cell?.click();
}

onFinding(show, (findings) => {
  host.querySelectorAll('.has-finding').forEach((cell) => cell.classList.remove('has-finding'));
  findings.flatMap(({ element }) => (element ? cellsOf(element) : [])).forEach((cell) => cell.classList.add('has-finding'));
});
host.dataset.ready = '';
