// The viewer part of pdf.js looks for the library in a global, so this module must come before it.
// The legacy builds are those that the courts' browsers (Chromium 108) understand.
import * as library from 'pdfjs-dist/legacy/build/pdf.mjs';

globalThis.pdfjsLib = library;
export const { AnnotationMode, GlobalWorkerOptions, getDocument } = library;
