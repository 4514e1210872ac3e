// What the court refused for good and the page has no form for any more: shown, so that nothing is lost,
// until the officer gives it up.
import { one } from '../shell/find.js';
import * as outbox from './outbox.js';

const TYPED = { people: '在场人员', course: '经过', result: '办理结果' };

export function showLeftovers(entries) {
  const card = one('[data-leftover]');
  card.hidden = !entries.length;
  if (!entries.length) return;
  one('[data-why-not]', card).textContent = [...new Set(entries.map((entry) => entry.refused))].join('；');
  one('[data-texts]', card).textContent = entries.flatMap(textsOf).join('\n');
  one('[data-pictures]', card).replaceChildren(...entries.filter((entry) => entry.file).map(pictureOf));
  one('[data-discard]', card).onclick = async () => {
    await Promise.all(entries.map((entry) => outbox.remove(entry.id)));
    card.hidden = true;
  };
}

function textsOf({ fields }) {
  return Object.entries(TYPED)
    .filter(([name]) => fields[name])
    .map(([name, title]) => `${title}：${fields[name]}`);
}

function pictureOf(entry) {
  const place = document.createElement('li');
  const picture = document.createElement('img');
  place.className = 'photo';
  picture.src = URL.createObjectURL(new Blob([entry.file.bytes], { type: entry.file.type }));
  picture.alt = '没有提交的照片';
  place.append(picture);
  return place;
}
