// The form editor is drawn by the server; here only the bar above it follows each change.
import { fetchFindings, onFinding } from './design/findings.js';
import './design/saving.js';
import { all, one } from './shell/find.js';

document.addEventListener('htmx:after:swap', () => {
  const editor = one('#form-editor');
  if (!editor || editor.dataset.version === one('#design').dataset.version) return;
  one('#design').dataset.version = editor.dataset.version;
  if (editor.dataset.saved) {
    one('#saved').textContent = editor.dataset.saved;
    one('#draft-tag').hidden = false;
  }
  fetchFindings();
});

onFinding((element) => {
  const row = all('#form-editor tr[data-element]').find((each) => each.dataset.element === element);
  row?.scrollIntoView({ block: 'center' });
  row?.focus();
});
