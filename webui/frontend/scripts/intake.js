// The file to import: its name when chosen, and dropping it on the field.
import { one } from './shell/find.js';

const zone = one('[data-drop]');
const input = one('input[type=file]', zone);
const name = one('[data-file-name]', zone);
const usual = name.textContent;

input.addEventListener('change', () => (name.textContent = input.files[0]?.name ?? usual));
zone.addEventListener('dragover', (event) => event.preventDefault());
zone.addEventListener('drop', (event) => {
  event.preventDefault();
  if (!event.dataTransfer.files.length) return;
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event('change'));
});
