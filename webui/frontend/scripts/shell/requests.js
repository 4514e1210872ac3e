// What htmx sends and how its answers are read: form token, messages, failures.
import { one } from './find.js';
import { leaveLater, toast } from './toasts.js';

document.addEventListener('htmx:config:request', (event) => {
  const { request } = event.detail.ctx;
  if (request.method === 'GET') return;
  request.headers['X-CSRFToken'] = one('meta[name=csrf-token]').content;
});

// The server may say {"toast": {"title": …, "text": …, "kind": …}} in HX-Trigger.
document.addEventListener('toast', ({ detail }) => toast(detail.title, detail.text, detail.kind));

document.addEventListener('htmx:response:error', (event) => {
  const { status, headers } = event.detail.ctx.response;
  if (status < 500) return; // the answer itself is shown: messages beside fields, or a toast
  const number = headers.get('X-Error-Number');
  const where = number ? `错误号 ${number}，已记录。` : '';
  toast('操作没有完成', `系统出现错误，数据没有改动。${where}请稍后再试。`, 'bad');
});

document.addEventListener('htmx:error', (event) => {
  if (event.detail?.ctx?.response) return;
  toast('网络连接中断', '您填写的内容没有丢失，请检查法院专网连接后再试。', 'bad');
});

document.addEventListener('htmx:after:swap', () => {
  leaveLater();
  // After a refused form the eye belongs in the first field to mend.
  one('dialog[open] [aria-invalid=true]')?.focus();
});
