// What pdf.js takes for granted and the courts' browsers (Chromium 108) lack. Imported before it, on
// the page and in its worker.

function define(owner, name, value) {
  if (owner && !(name in owner)) {
    Object.defineProperty(owner, name, { value, writable: true, configurable: true });
  }
}

define(Promise, 'withResolvers', function withResolvers() {
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
});

define(ArrayBuffer.prototype, 'transferToFixedLength', function transfer(length = this.byteLength) {
  const copy = new Uint8Array(length);
  copy.set(new Uint8Array(this, 0, Math.min(length, this.byteLength)));
  return copy.buffer;
});

define(Array.prototype, 'toSpliced', function toSpliced(...change) {
  const copy = [...this];
  copy.splice(...change);
  return copy;
});

define(AbortSignal, 'any', (signals) => {
  const controller = new AbortController();
  const end = (signal) => controller.abort(signal.reason);
  for (const signal of signals) {
    if (signal.aborted) end(signal);
    else signal.addEventListener('abort', () => end(signal), { signal: controller.signal });
  }
  return controller.signal;
});

for (const owner of [Response.prototype, Blob.prototype]) {
  define(owner, 'bytes', async function bytes() {
    return new Uint8Array(await this.arrayBuffer());
  });
}

define(ReadableStream.prototype, Symbol.asyncIterator, async function* read() {
  const reader = this.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    reader.releaseLock();
  }
});
