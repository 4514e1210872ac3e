// A PDF on the page: pages are drawn when they come into sight, in the width there is. The text lies
// above the picture, so that it can be found, marked and read aloud.
import './pdf/older_browsers.js';
import * as pdfjs from 'pdfjs-dist/legacy/build/pdf.min.mjs';
import { all, one } from './shell/find.js';

const STEPS = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3];
const WIDEST = 760; // CSS pixels of a page at 100 %
const MARGIN = 36; // left and right of a page together

class Viewer {
  constructor(frame) {
    this.frame = frame;
    this.zoom = 1;
    this.pages = [];
    this.observer = new IntersectionObserver((seen) => this.seen(seen), { root: frame, rootMargin: '400px' });
  }

  async open() {
    const { pdfViewer: url, worker, tables } = this.frame.dataset;
    pdfjs.GlobalWorkerOptions.workerSrc = worker;
    this.pdf = await pdfjs.getDocument({
      url,
      cMapUrl: `${tables}/cmaps/`,
      standardFontDataUrl: `${tables}/standard_fonts/`,
      wasmUrl: `${tables}/wasm/`,
      iccUrl: `${tables}/iccs/`,
      useWasm: false, // the policy allows no WebAssembly; the fallbacks read the same pictures
      rangeChunkSize: 1 << 18,
      disableAutoFetch: true,
      disableStream: true,
      isEvalSupported: false,
      enableXfa: false,
    }).promise;
    one('[data-pdf-pages]').textContent = this.pdf.numPages;
    const first = await this.pdf.getPage(1);
    this.size = first.getViewport({ scale: 1 });
    this.frame.replaceChildren();
    for (let number = 1; number <= this.pdf.numPages; number += 1) this.addPage(number);
    this.layOut();
    this.goTo(Number(this.frame.dataset.first) || 1);
  }

  addPage(number) {
    const page = document.createElement('div');
    page.className = 'pdf-page-frame';
    page.dataset.number = number;
    page.setAttribute('role', 'group');
    page.setAttribute('aria-label', `第${number}页`);
    this.frame.append(page);
    this.pages.push({ element: page, size: this.size, drawn: 0 });
    this.observer.observe(page);
  }

  get width() {
    return Math.max(240, Math.min(this.frame.clientWidth - MARGIN, WIDEST)) * this.zoom;
  }

  layOut() {
    for (const page of this.pages) {
      const scale = this.width / page.size.width;
      page.element.style.width = `${page.size.width * scale}px`;
      page.element.style.height = `${page.size.height * scale}px`;
      if (page.drawn && page.drawn !== scale) this.erase(page);
    }
    this.pages.forEach(({ element }) => {
      this.observer.unobserve(element);
      this.observer.observe(element);
    });
  }

  erase(page) {
    page.drawn = 0;
    page.element.replaceChildren();
  }

  seen(entries) {
    for (const entry of entries) {
      const page = this.pages[entry.target.dataset.number - 1];
      page.near = entry.isIntersecting;
      if (entry.isIntersecting) this.draw(page, Number(entry.target.dataset.number));
      else this.erase(page); // a thick dossier must not fill the memory
    }
  }

  async draw(page, number) {
    const source = await this.pdf.getPage(number);
    page.size = source.getViewport({ scale: 1 });
    const scale = this.width / page.size.width;
    if (page.drawn === scale || !page.near) return;
    page.drawn = scale;
    const viewport = source.getViewport({ scale });
    page.element.style.width = `${viewport.width}px`;
    page.element.style.height = `${viewport.height}px`;
    const canvas = document.createElement('canvas');
    const sharp = Math.min(window.devicePixelRatio || 1, 2);
    canvas.width = Math.floor(viewport.width * sharp);
    canvas.height = Math.floor(viewport.height * sharp);
    const words = document.createElement('div');
    words.className = 'pdf-words';
    words.style.setProperty('--total-scale-factor', scale);
    page.element.replaceChildren(canvas, words);
    await source.render({ canvas, viewport, transform: [sharp, 0, 0, sharp, 0, 0] }).promise;
    await new pdfjs.TextLayer({ textContentSource: source.streamTextContent(), container: words, viewport }).render();
  }

  get current() {
    const middle = this.frame.scrollTop + this.frame.clientHeight / 3;
    const found = this.pages.findIndex(({ element }) => element.offsetTop + element.offsetHeight > middle);
    return found < 0 ? this.pages.length : found + 1;
  }

  goTo(number) {
    const wanted = Math.max(1, Math.min(number, this.pages.length));
    const page = this.pages[wanted - 1];
    if (page && wanted !== 1) this.frame.scrollTop = page.element.offsetTop - 12;
    else this.frame.scrollTop = 0;
    this.show(wanted);
  }

  show(number = this.current) {
    const box = one('[data-pdf-page]');
    if (box && document.activeElement !== box) box.value = number;
    one('[data-pdf=previous]').disabled = number <= 1;
    one('[data-pdf=next]').disabled = number >= this.pages.length;
  }

  scaleBy(step) {
    const place = STEPS.findIndex((value) => value >= this.zoom);
    const now = this.current;
    this.zoom = STEPS[Math.max(0, Math.min(STEPS.length - 1, place + step))];
    this.layOut();
    this.goTo(now);
  }
}

async function start(frame) {
  const viewer = new Viewer(frame);
  try {
    await viewer.open();
  } catch (error) {
    const message = document.createElement('p');
    message.className = 'error';
    message.setAttribute('role', 'alert');
    message.textContent = '文件没有打开，请刷新后再试；仍打不开的，请在新窗口打开或者联系管理员。';
    frame.replaceChildren(message);
    if (error.name !== 'ResponseException') throw error;
    return;
  }
  const acts = {
    previous: () => viewer.goTo(viewer.current - 1),
    next: () => viewer.goTo(viewer.current + 1),
    smaller: () => viewer.scaleBy(-1),
    larger: () => viewer.scaleBy(1),
  };
  all('[data-pdf]').forEach((button) => button.addEventListener('click', acts[button.dataset.pdf]));
  one('[data-pdf-page]').addEventListener('change', (event) => viewer.goTo(Number(event.target.value) || 1));
  frame.addEventListener('scroll', () => viewer.show());
  window.addEventListener('resize', () => viewer.layOut());
}

all('[data-pdf-viewer]').forEach(start);
