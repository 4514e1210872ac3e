// 事项信息: turning the found documents of a matter into text, back again, and taking new ones over.
import { one } from './shell/find.js';

function tell(field) {
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

const acts = {
  '[data-edit-note]': (row) => {
    const field = one('textarea', row);
    field.disabled = false;
    if (!field.value.trim()) field.value = field.dataset.found;
    one('[data-automatic]', row).hidden = true;
    one('[data-typed]', row).hidden = false;
    field.rows = 4;
    field.focus();
    tell(field);
  },
  '[data-restore-note]': (row) => {
    const field = one('textarea', row);
    const automatic = one('[data-automatic]', row);
    field.value = '';
    tell(field);
    if (!automatic) return; // it comes back with the next 暂存
    field.disabled = true;
    automatic.hidden = false;
    one('[data-typed]', row).hidden = true;
  },
  '[data-take-over]': (row, button) => {
    const field = one('textarea', row);
    const text = field.value.trim();
    field.value = text ? `${text.replace(/[。；]?$/, '；')}${button.dataset.takeOver}` : button.dataset.takeOver;
    button.closest('.offered').hidden = true;
    field.focus();
    tell(field);
  },
};

document.addEventListener('click', (event) => {
  for (const [selector, act] of Object.entries(acts)) {
    const button = event.target.closest(selector);
    if (button) act(button.closest('[data-note]'), button);
  }
});

// A part of 后续事项 belongs to it: ticking the part chooses it, choosing another unticks the part.
document.addEventListener('change', (event) => {
  const { of } = event.target.dataset ?? {};
  if (of && event.target.checked) one(`input[name=follow_up][value="${of}"]`).checked = true;
  if (event.target.name === 'follow_up') {
    document.querySelectorAll('input[data-of]').forEach((box) => {
      if (box.dataset.of !== event.target.value) box.checked = false;
    });
  }
});
