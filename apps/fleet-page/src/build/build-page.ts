import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import type * as esbuild from 'esbuild';
import type { Metafile, OutputFile } from 'esbuild';
import type { PageFile, PageFiles } from './page-file.js';
import { clientAlone } from './client-alone.js';
import { pageFolder } from './page-folder.js';
import { pageRequire } from './page-require.js';

const compress = promisify(brotliCompress);

/** What a build has made. */
export interface BuiltPage {
  page: PageFiles;
  /** The same files as they are without compression. */
  contents: ReadonlyMap<string, Uint8Array>;
  /** Which of them are imported by which, and from what they were made. */
  metafile: Metafile;
}

const { build } = pageRequire('esbuild') as typeof esbuild;

/** Anywhere: nothing is written. */
const outdir = join(pageFolder, 'dist');

/** Builds the page from its sources into files whose names change with their contents. */
export async function buildPage(): Promise<BuiltPage> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: pageFolder,
    entryPoints: { main: 'src/main.tsx', page: 'src/styles/page.css' },
    outdir,
    entryNames: 'assets/[name]-[hash]',
    chunkNames: 'assets/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['@serve.zone/source'],
    plugins: [clientAlone],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const built = outputFiles.map((file) => ({ path: pathOf(file), contents: file.contents }));
  return {
    page: { manifest: manifestOf(metafile), files: await Promise.all(built.map(compressed)) },
    contents: new Map(built.map(({ path, contents }) => [path, contents])),
    metafile,
  };
}

function pathOf({ path }: OutputFile): string {
  return path.slice(outdir.length + 1).replaceAll('\\', '/');
}

async function compressed({ path, contents }: { path: string; contents: Uint8Array }): Promise<PageFile> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
  return {
    path,
    mediaType: path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
    brotli: new Uint8Array(await compress(contents, { params })),
  };
}

/** Which files the first load takes. */
function manifestOf(metafile: Metafile): PageFiles['manifest'] {
  const script = outputOf(metafile, 'src/main.tsx');
  return {
    script,
    preloads: importedBy(metafile, script).filter((path) => path !== script),
    style: outputOf(metafile, 'src/styles/page.css'),
  };
}

/** The file that was made of a source, as of a view that is loaded when it is opened. */
export function outputOf({ outputs }: Metafile, entryPoint: string): string {
  const found = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
  if (!found) throw new Error(`The build has made nothing of ${entryPoint}`);
  return found[0].slice('dist/'.length);
}

/** A file and all that it imports at once, whose load it waits for. */
export function importedBy({ outputs }: Metafile, path: string): string[] {
  const found = new Set([path]);
  // A set hands out what is added to it while it is read.
  for (const each of found) {
    for (const { kind, path: imported } of outputs[`dist/${each}`]?.imports ?? []) {
      if (kind === 'import-statement') found.add(imported.slice('dist/'.length));
    }
  }
  return [...found];
}
