import { join, relative } from 'node:path';
import type { Plugin } from 'esbuild';
import { type BuiltPage, buildPage } from './build-page.js';
import { pageFolder } from './page-folder.js';

export interface EmbeddedPage {
  plugin: Plugin;
  /** The sources of the page and of the packages in it, for who lists what is in a bundle; empty if it has no page. */
  inputs: () => string[];
}

/** Puts the built page into the bundle of a program, in place of `files/page-files.ts`, which would build it. */
export function embedPage(): EmbeddedPage {
  let built: BuiltPage | undefined;
  const plugin: Plugin = {
    name: 'embed-page',
    setup(build) {
      build.onLoad({ filter: /[\\/]fleet-page[\\/]src[\\/]files[\\/]page-files\.ts$/ }, async () => {
        built ??= await buildPage();
        return { contents: moduleOf(built), loader: 'js' };
      });
    },
  };
  return { plugin, inputs: () => Object.keys(built?.metafile.inputs ?? {}).map(fromHere) };
}

/** A module with the same export. */
function moduleOf({ page: { manifest, files } }: BuiltPage): string {
  const listed = files.map(({ path, mediaType, brotli }) => ({
    path,
    mediaType,
    text: Buffer.from(brotli).toString('base64'),
  }));
  return [
    "import { Buffer } from 'node:buffer';",
    `const manifest = ${JSON.stringify(manifest)};`,
    `const files = ${JSON.stringify(listed)};`,
    'export async function pageFiles() {',
    "  return { manifest, files: files.map(({ text, ...file }) => ({ ...file, brotli: new Uint8Array(Buffer.from(text, 'base64')) })) };",
    '}',
  ].join('\n');
}

/** The build of the page names files from its own folder. */
function fromHere(input: string): string {
  return relative('.', join(pageFolder, input));
}
