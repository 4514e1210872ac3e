// The page of a decision: when the form comes back with something missing, the eye belongs in the
// first field to mend; on a phone that is far below the document.
import { one } from './shell/find.js';

document.addEventListener('htmx:after:swap', () => {
  const wrong = one('#decision [aria-invalid=true]') ?? one('#decision .note.bad');
  if (!wrong || wrong.dataset.met) return;
  wrong.dataset.met = '';
  wrong.focus();
  wrong.scrollIntoView({ block: 'center' });
});
