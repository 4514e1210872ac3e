// Sends the entries of the outbox one after the other. Each ends as done, refused (with the court's
// sentence; it stays on the phone until the officer decides) or waiting (no network, or not signed in).
import { one } from '../shell/find.js';
import { deviceId } from './outbox.js';

export const NO_NETWORK = '没有网络，已保存在本机，恢复后自动提交';
const PATHS = { arrive: '/arrive', photo: '/photos', save: '/record', finish: '' };
/** Conflicts and refusals, which sending again would not change. */
const REFUSED = [403, 404, 409, 413, 422];
const PATIENCE = 120_000; // ms; 20 MB over a poor network

export async function send(entry) {
  const body = new FormData();
  Object.entries(entry.fields).forEach(([name, value]) => body.set(name, value));
  body.set('seconds_ago', Math.max(0, (Date.now() - entry.made) / 1000));
  body.set('device_id', deviceId());
  if (entry.file) body.set('photo', new Blob([entry.file.bytes], { type: entry.file.type }), 'photo');
  let response;
  try {
    response = await fetch(`/field/${entry.task}${PATHS[entry.kind]}`, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json', 'X-CSRFToken': one('meta[name=csrf-token]').content },
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    return { state: 'waiting', words: NO_NETWORK };
  }
  const answer = await read(response);
  if (response.ok) return { state: 'done', answer };
  if (response.status === 401) return { state: 'waiting', words: '登录已失效，内容已保存在本机，重新登录后自动提交' };
  if (response.status === 400) return { state: 'waiting', words: '页面已过期，内容已保存在本机，请刷新页面' };
  if (!REFUSED.includes(response.status)) return { state: 'waiting', words: '系统暂时不能接收，已保存在本机，稍后自动提交' };
  return { state: 'refused', words: answer.error ?? '没有被接收，请联系承办人', answer };
}

async function read(response) {
  try {
    return await response.json();
  } catch {
    return {}; // a page for people
  }
}
