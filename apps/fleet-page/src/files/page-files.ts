import type { PageFiles } from '../build/page-file.js';

/**
 * The files of the page. From the sources, they are built when they are first asked for; in the bundle of a program, `embedPage` has
 * put the files themselves in place of this module.
 */
export async function pageFiles(): Promise<PageFiles> {
  const { buildPage } = await import('../build/build-page.js');
  return (await buildPage()).page;
}
