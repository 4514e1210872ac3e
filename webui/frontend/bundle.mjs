// Everything the browser loads, from sources and packages into webui/static/dist: hashed names, a
// manifest, and a compressed twin of each file. Entries are found, not listed: each scripts/*.js is
// one; styles/desk/*.css make desk.css, styles/approval/*.css approval.css, all other styles app.css.
import * as esbuild from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
const root = path.resolve(here, '../..');
const packages = path.join(root, 'node_modules');
const target = path.join(root, 'webui/static/dist');
const building = `${target}.new`;
const DAY = 86400_000;
const manifest = {};
/** Script to the chunks that it imports: pages load them at once, not after the script. */
const imports = {};

const hashOf = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 10);
const read = (...parts) => fs.readFileSync(path.join(...parts));

function filesUnder(folder, pattern) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Writes bytes under a name that changes with them. */
function write(name, bytes) {
  const { name: stem, ext } = path.parse(name);
  manifest[name] = `${stem}-${hashOf(bytes)}${ext}`;
  fs.writeFileSync(path.join(building, manifest[name]), bytes);
}

// ---------------------------------------------------------------- styles

const LAYERS = '@layer vendor, tokens, base, shell, parts, pages, util, print;\n';
// What comes first in a layer yields to what comes later.
const FIRST = ['tokens', 'base', 'shell', 'controls', 'signs', 'table', 'overlays', 'filters', 'layout'];

/** Folders of styles that only some pages load. */
const OWN_SHEETS = ['desk', 'approval'];

function stylesheet(files) {
  const rank = (file) => (FIRST.indexOf(path.parse(file).name) + FIRST.length + 1) % (FIRST.length + 1);
  const order = [...files].sort((a, b) => rank(a) - rank(b));
  return LAYERS + order.map((file) => `@import "${path.relative(here, file)}";\n`).join('');
}

async function bundleStyles() {
  const all = filesUnder(path.join(here, 'styles'), /\.css$/);
  const roomOf = (file) => path.basename(path.dirname(file));
  const sheets = { 'app.css': all.filter((f) => !OWN_SHEETS.includes(roomOf(f))) };
  for (const room of OWN_SHEETS) sheets[`${room}.css`] = all.filter((f) => roomOf(f) === room);
  for (const [name, files] of Object.entries(sheets)) {
    const built = await esbuild.build({
      ...SHARED,
      stdin: { contents: stylesheet(files), resolveDir: here, loader: 'css', sourcefile: name },
      outfile: path.join(building, name),
      write: false,
    });
    for (const file of built.outputFiles) {
      if (file.path.endsWith('.css')) write(name, file.contents);
      else fs.writeFileSync(file.path, file.contents);
    }
  }
}

// ---------------------------------------------------------------- scripts

const SHARED = {
  bundle: true,
  minify: true,
  target: ['chrome108'],
  assetNames: '[name]-[hash]',
  loader: { '.svg': 'file', '.woff2': 'file', '.woff': 'empty', '.ttf': 'empty', '.eot': 'empty', '.json': 'json' },
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
};

async function bundleScripts() {
  const entries = filesUnder(path.join(here, 'scripts'), /\.(js|jsx)$/).filter(
    (file) => path.dirname(file) === path.join(here, 'scripts'),
  );
  const built = await esbuild.build({
    ...SHARED,
    entryPoints: entries,
    outdir: building,
    entryNames: '[name]-[hash]',
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: '@bpmn-io/properties-panel/preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
  });
  for (const [file, output] of Object.entries(built.metafile.outputs)) {
    if (!output.entryPoint) continue;
    const { name } = path.parse(output.entryPoint);
    manifest[`${name}.js`] = path.basename(file);
    imports[`${name}.js`] = chunksOf(file, built.metafile.outputs);
    // A script that imports CSS gets a sheet of the same name.
    if (output.cssBundle) manifest[`${name}.css`] = path.basename(output.cssBundle);
  }
}

/** All chunks that a script needs before it can start, also through other chunks. */
function chunksOf(file, outputs, found = new Set()) {
  for (const { path: chunk, kind } of outputs[file].imports) {
    if (kind !== 'import-statement' || found.has(path.basename(chunk))) continue;
    found.add(path.basename(chunk));
    chunksOf(chunk, outputs, found);
  }
  return [...found].sort();
}

// ---------------------------------------------------------------- icons, pdf.js

/** One sprite with the icons that templates, Python and scripts name in quotes. */
function icons() {
  const folder = path.join(packages, 'lucide-static/icons');
  const sources = [
    ...filesUnder(path.join(root, 'webui/templates'), /\.html$/),
    ...filesUnder(path.join(root, 'webui'), /\.py$/),
    ...filesUnder(path.join(here, 'scripts'), /\.jsx?$/),
  ];
  const text = sources.map((file) => fs.readFileSync(file, 'utf8')).join('\n');
  const named = new Set(text.match(/(?<=['"])[a-z][a-z0-9-]*(?=['"])/g));
  const symbols = [...named]
    .filter((name) => fs.existsSync(path.join(folder, `${name}.svg`)))
    .sort()
    .map((name) => {
      const drawing = read(folder, `${name}.svg`).toString();
      const shape = drawing.replace(/^[\s\S]*?<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\s*\n\s*/g, '');
      return (
        `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
        `stroke-linecap="round" stroke-linejoin="round">${shape}</symbol>`
      );
    });
  write('icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>\n`);
  write('icon.svg', read(here, 'images/icon.svg'));
}

/** The tables that pdf.js fetches by name, for PDFs that embed no fonts. */
function pdfjs() {
  const from = path.join(packages, 'pdfjs-dist');
  const { version } = JSON.parse(read(from, 'package.json'));
  const folder = `pdfjs-${version}`;
  for (const part of ['cmaps', 'standard_fonts', 'wasm', 'iccs']) {
    fs.cpSync(path.join(from, part), path.join(building, folder, part), { recursive: true });
  }
  manifest.pdfjs = folder;
}

/** A server sends these as they are; compressing at each request would cost more than the page. */
function compress() {
  for (const file of filesUnder(building, /\.(css|js|svg|json)$/)) {
    const bytes = fs.readFileSync(file);
    if (bytes.length < 800) continue;
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(bytes, { level: 9 }));
    const quality = { [zlib.constants.BROTLI_PARAM_QUALITY]: bytes.length > 500_000 ? 9 : 11 };
    fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(bytes, { params: quality }));
  }
}

/** Pages that are open now, and servers that started before, still find their files for a day. */
function keepRecent() {
  if (!fs.existsSync(target)) return;
  for (const entry of fs.readdirSync(target, { withFileTypes: true })) {
    const [old, kept] = [path.join(target, entry.name), path.join(building, entry.name)];
    if (!entry.isFile() || entry.name.startsWith('.') || fs.existsSync(kept)) continue;
    const { atime, mtime } = fs.statSync(old);
    if (Date.now() - mtime > DAY) continue;
    fs.copyFileSync(old, kept);
    fs.utimesSync(kept, atime, mtime);
  }
}

fs.rmSync(building, { recursive: true, force: true });
fs.mkdirSync(building, { recursive: true });
await bundleStyles();
await bundleScripts();
icons();
pdfjs();
compress();
const sorted = Object.fromEntries(Object.entries(manifest).sort());
fs.writeFileSync(path.join(building, 'manifest.json'), JSON.stringify({ files: sorted, imports }, null, 1));
keepRecent();
// A server that starts now sees the old files or the new ones, never half.
const previous = `${target}.old`;
fs.rmSync(previous, { recursive: true, force: true });
if (fs.existsSync(target)) fs.renameSync(target, previous);
fs.renameSync(building, target);
fs.rmSync(previous, { recursive: true, force: true });
