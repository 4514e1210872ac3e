// Tokens that travel along sequence flows, one step after another, those of one step together.
const SPEED = 0.55; // pixels of the drawing in a millisecond
const SHORTEST = 220;
const LONGEST = 700;
const ALL = 3000; // milliseconds of one command, however many steps it has
const SVG = 'http://www.w3.org/2000/svg';

const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Resolves when all have arrived; at once for those who want no motion. stopped(): a later call has begun. */
export async function travel(canvas, elements, steps, stopped) {
  const ways = steps
    .map((flows) => flows.map((id) => elements.get(id)?.waypoints).filter(Boolean).map(measured))
    .filter((step) => step.length);
  if (calm() || !ways.length) return;
  const times = ways.map((step) => Math.min(LONGEST, Math.max(SHORTEST, Math.max(...step.map(({ length }) => length)) / SPEED)));
  const hurry = Math.min(1, ALL / times.reduce((sum, time) => sum + time, 0));
  const layer = canvas.getLayer('moving-tokens', 9);
  for (const [index, step] of ways.entries()) {
    const tokens = step.map(() => layer.appendChild(circle()));
    await frames(times[index] * hurry, stopped, (part) => step.forEach((way, i) => put(tokens[i], way, part)));
    tokens.forEach((token) => token.remove());
    if (stopped()) return;
  }
}

function circle() {
  const token = document.createElementNS(SVG, 'circle');
  token.setAttribute('class', 'moving-token');
  token.setAttribute('r', 9);
  return token;
}

function measured(points) {
  const parts = points.slice(1).map((to, i) => ({ from: points[i], to, length: Math.hypot(to.x - points[i].x, to.y - points[i].y) }));
  return { parts, length: parts.reduce((sum, part) => sum + part.length, 0) };
}

function put(token, { parts, length }, done) {
  let left = done * length;
  const part = parts.find((one) => (left -= one.length) <= 0) ?? parts.at(-1);
  const share = part.length ? 1 + Math.min(0, left) / part.length : 1;
  token.setAttribute('cx', part.from.x + (part.to.x - part.from.x) * share);
  token.setAttribute('cy', part.from.y + (part.to.y - part.from.y) * share);
}

function frames(time, stopped, draw) {
  return new Promise((done) => {
    const begun = performance.now();
    const frame = (now) => {
      const part = Math.min(1, (now - begun) / time);
      draw(Math.max(0, part));
      if (part < 1 && !stopped()) requestAnimationFrame(frame);
      else done();
    };
    // A page in the background draws no frames; the play must not wait for them.
    if (document.hidden) done();
    else requestAnimationFrame(frame);
  });
}
