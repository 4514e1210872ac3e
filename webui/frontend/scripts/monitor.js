// Beside the diagram viewer, for those who watch over processes: a number in the picture opens the
// rows that it counts, as the same number in the table does; a chosen variable proposes its type; a
// page that shows a job at work loads itself again when something has happened.

// The picture's badges are hidden from readers and the keyboard: the table is their twin.
document.addEventListener('click', (event) => {
  const badge = event.target.closest('.djs-overlay-token, .djs-overlay-overdue-badge, .token, .overdue-badge');
  const element = badge?.closest('.djs-overlays')?.dataset.containerId;
  if (!element) return;
  const row = document.querySelector(`tr[data-element="${CSS.escape(element)}"]`);
  const kind = badge.matches('.overdue-badge') ? 'overdue' : 'active';
  row?.querySelector(`a[data-counts=${kind}]`)?.click();
});

document.addEventListener('change', (event) => {
  if (!event.target.matches('#dialog-body select[name=name]')) return;
  const form = event.target.form;
  const chosen = event.target.selectedOptions[0];
  form.elements.new_name.disabled = chosen.value !== '';
  if (!chosen.dataset.kind) return;
  form.elements.kind.value = chosen.dataset.kind;
  form.elements.value.value = chosen.dataset.value;
});

const EVERY = 3000;
// Nobody looks at a page for longer without touching it; a job that waits for its next try takes hours.
const AT_MOST = 100;

async function watch(page, left) {
  const { revision } = await fetch(page.dataset.watch).then((answer) => answer.json());
  const busy = document.querySelector('dialog[open]') || document.activeElement?.matches('input, select, textarea');
  if (revision !== Number(page.dataset.revision) && !busy) window.location.reload();
  else if (left) setTimeout(() => watch(page, left - 1), EVERY);
}

const watched = document.querySelector('[data-watch]');
if (watched) setTimeout(() => watch(watched, AT_MOST), EVERY);
