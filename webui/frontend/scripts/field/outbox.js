// What an officer did and what has not reached the court yet, kept on the phone (IndexedDB) until the
// court has confirmed it. An entry: {id, officer, task, kind, made, fields, file, refused}.
// kind: arrive, photo, save (what stands in the form; one per errand), finish.
const STORE = 'entries';
/** Where the browser keeps nothing (private windows), entries live as long as the page. */
const memory = new Map();
let opened;

function database() {
  opened ??= new Promise((resolve) => {
    const asked = indexedDB.open('fenduan-field', 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: 'id' });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
  }).catch(() => null);
  return opened;
}

async function run(mode, act) {
  const found = await database();
  return new Promise((resolve, reject) => {
    const transaction = found.transaction(STORE, mode);
    const asked = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
  });
}

/** Whether it outlives the page. */
export async function put(entry) {
  try {
    await run('readwrite', (store) => store.put(entry));
    memory.delete(entry.id);
    return true;
  } catch {
    memory.set(entry.id, entry);
    return false;
  }
}

export async function get(id) {
  try {
    return memory.get(id) ?? (await run('readonly', (store) => store.get(id)));
  } catch {
    return memory.get(id);
  }
}

export async function remove(id) {
  memory.delete(id);
  try {
    await run('readwrite', (store) => store.delete(id));
  } catch {
    // It was only in memory.
  }
}

/** Of this officer alone, in the order they were made: a phone may be shared. */
export async function all(officer) {
  let stored = [];
  try {
    stored = await run('readonly', (store) => store.getAll());
  } catch {
    // Only what is in memory.
  }
  return [...stored, ...memory.values()]
    .filter((entry) => entry.officer === officer)
    .sort((a, b) => a.made - b.made);
}

/** Random, also where a page without HTTPS lacks randomUUID. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-');
}

/** Names this browser, so that it may save again over what it saved itself. */
export function deviceId() {
  const known = localStorage.getItem('fenduan-device');
  if (known) return known;
  const made = newId();
  localStorage.setItem('fenduan-device', made);
  return made;
}
