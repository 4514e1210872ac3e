// The photos of the page: those the court has, and before them in grey those that still wait.
import { all, one } from '../shell/find.js';
import { toast } from '../shell/toasts.js';
import * as outbox from './outbox.js';

const TYPES = ['image/jpeg', 'image/png'];
const LARGEST = 20 << 20; // bytes, as on the server

const tileOf = (id) => one(`[data-photo="${id}"]`);

export function countPhotos() {
  const shown = one('[data-photo-count]');
  if (shown) shown.textContent = all('[data-photo]').length;
}

/** Why a file is not taken; the server looks again, into the file. */
export function refusal(file) {
  if (!TYPES.includes(file.type)) {
    return '只能用JPG和PNG照片。手机拍出HEIC的，请在“设置—相机—格式”中选择“兼容性最佳”后重拍';
  }
  return file.size > LARGEST ? '单张照片不能超过20 MB，请降低拍照分辨率后重拍' : '';
}

/** A grey tile of an entry that waits, or a red one with the reason. */
export function showWaiting(entry) {
  let tile = tileOf(entry.id);
  if (!tile) {
    tile = one('#waiting-photo').content.firstElementChild.cloneNode(true);
    tile.dataset.photo = entry.id;
    one('img', tile).src = URL.createObjectURL(new Blob([entry.file.bytes], { type: entry.file.type }));
    one('.add-photo').before(tile);
  }
  tile.classList.toggle('refused', Boolean(entry.refused));
  one('[data-words]', tile).textContent = entry.refused || '待提交';
  countPhotos();
}

/** The court has it: its own picture takes the place; nothing does if it was removed meanwhile. */
export function showStored(entry, html) {
  const tile = tileOf(entry.id);
  if (!tile) return;
  URL.revokeObjectURL(one('img', tile).src);
  tile.outerHTML = html;
  countPhotos();
}

document.addEventListener('click', async (event) => {
  const tile = event.target.closest('[data-drop]')?.closest('[data-photo]');
  if (!tile) return;
  await outbox.remove(tile.dataset.photo);
  tile.remove();
  countPhotos();
});

// One that the court has is removed there; without a network it stays.
document.addEventListener('submit', async (event) => {
  if (!one('[data-remove]', event.target)) return;
  event.preventDefault();
  const form = event.target;
  try {
    const response = await fetch(form.action, {
      method: 'POST',
      body: new FormData(form),
      headers: { Accept: 'application/json' },
    });
    const answer = await response.json();
    if (!response.ok) return toast('没有移除', answer.error, 'bad');
    form.closest('[data-photo]').remove();
    countPhotos();
  } catch {
    toast('没有移除', '没有网络，请恢复后再移除', 'bad');
  }
});
