// Shows the PDF of a [data-pdf] section (templates/_pdf_viewer.html): pages are fetched by range as
// they come into view, so a dossier of 600 pages opens as fast as one page.
import { AnnotationMode, GlobalWorkerOptions, getDocument } from './pdf/library.js';
import { EventBus, PDFFindController, PDFLinkService, PDFViewer } from 'pdfjs-dist/legacy/web/pdf_viewer.mjs';
import { all, one } from './shell/find.js';

const CHUNK = 256 * 1024;
const FIND = { type: '', highlightAll: true, caseSensitive: false, entireWord: false };

async function show(section) {
  const events = new EventBus();
  const links = new PDFLinkService({ eventBus: events });
  const find = new PDFFindController({ eventBus: events, linkService: links });
  const viewer = new PDFViewer({
    container: one('[data-pdf-container]', section),
    viewer: one('.pdfViewer', section),
    eventBus: events,
    linkService: links,
    findController: find,
    annotationMode: AnnotationMode.ENABLE,
  });
  links.setViewer(viewer);
  connect(section, viewer, events);
  const { pdf, pdfWorker, pdfLibrary } = section.dataset;
  GlobalWorkerOptions.workerSrc = pdfWorker;
  try {
    const opened = await getDocument({
      url: pdf,
      cMapUrl: `${pdfLibrary}/cmaps/`,
      cMapPacked: true,
      standardFontDataUrl: `${pdfLibrary}/standard_fonts/`,
      wasmUrl: `${pdfLibrary}/wasm/`,
      iccUrl: `${pdfLibrary}/iccs/`,
      useWasm: false, // the policy allows none
      isEvalSupported: false,
      enableXfa: false,
      rangeChunkSize: CHUNK,
      disableAutoFetch: true,
      disableStream: true,
    }).promise;
    viewer.setDocument(opened);
    links.setDocument(opened);
    one('[data-pdf-pages]', section).textContent = opened.numPages;
    await fillContents(section, opened, links);
  } catch (error) {
    console.warn('pdf not shown', error.name);
    one('[data-pdf-failed]', section).hidden = false;
  }
}

function connect(section, viewer, events) {
  const page = one('[data-pdf-page]', section);
  events.on('pagesinit', () => (viewer.currentScaleValue = section.dataset.pdfScale || 'page-width'));
  events.on('pagechanging', ({ pageNumber }) => (page.value = pageNumber));
  events.on('pagerendered', () => (section.dataset.pdfShown = ''));
  events.on('updatefindmatchescount', ({ matchesCount }) => say(section, matchesCount));
  events.on('updatefindcontrolstate', ({ matchesCount, state }) => state !== 3 && say(section, matchesCount));
  page.addEventListener('change', () => (viewer.currentPageNumber = Number(page.value) || 1));
  const search = one('[data-pdf-find]', section);
  search?.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const again = search.dataset.searched === search.value;
    search.dataset.searched = search.value;
    events.dispatch('find', { ...FIND, type: again ? 'again' : '', query: search.value, findPrevious: event.shiftKey });
  });
  section.addEventListener('click', (event) => {
    const button = event.target.closest('[data-pdf-step], [data-pdf-zoom]');
    if (!button) return;
    if (button.dataset.pdfStep) viewer.currentPageNumber += Number(button.dataset.pdfStep);
    else zoom(viewer, button.dataset.pdfZoom);
  });
}

function zoom(viewer, wanted) {
  if (wanted === 'in') viewer.increaseScale();
  else if (wanted === 'out') viewer.decreaseScale();
  else viewer.currentScaleValue = wanted;
}

function say(section, { current, total }) {
  const place = one('[data-pdf-found]', section);
  const query = one('[data-pdf-find]', section).value;
  if (place) place.textContent = query ? (total ? `${current}／${total}` : '没有找到') : '';
}

/** The catalogue of the file, unless the page brings its own. */
async function fillContents(section, opened, links) {
  const place = one('[data-pdf-contents]');
  if (!place || place.childElementCount) return;
  for (const { title, dest } of (await opened.getOutline()) ?? []) {
    const link = document.createElement('a');
    link.href = '#';
    // 执 行 裁 定 书 is spaced for print, not for a catalogue.
    link.textContent = title.replace(/(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])/g, '');
    link.addEventListener('click', (event) => {
      event.preventDefault();
      links.goToDestination(dest);
    });
    place.append(link);
  }
}

// A catalogue of the page's own points to pages: <a data-pdf-goto="12">.
document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-pdf-goto]');
  if (!link) return;
  event.preventDefault();
  const page = one('[data-pdf-page]');
  page.value = link.dataset.pdfGoto;
  page.dispatchEvent(new Event('change'));
  all('[data-pdf-goto]').forEach((other) => other.toggleAttribute('aria-current', other === link));
});

function showAll() {
  all('[data-pdf]:not([data-pdf-opened])').forEach((section) => {
    section.dataset.pdfOpened = '';
    show(section);
  });
}

showAll();
// Also previews that htmx brings in.
document.addEventListener('htmx:after:swap', showAll);
