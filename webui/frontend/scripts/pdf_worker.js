// The part of pdf.js that reads files, in a thread of its own.
import './pdf/older_browsers.js';
import 'pdfjs-dist/legacy/build/pdf.worker.mjs';
