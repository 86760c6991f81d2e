import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { publishedPackages, root } from '../scripts/published-packages.mjs';

const online = /^https:\/\/github\.com\/serve-zone\/baseos\/(tree|blob)\/main\/([^#]*)/;

const texts = globSync(['*.md', '{docs,packages,apps,examples,.changeset}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**', '**/api/*.api.md'],
});

/** What is no code, in which a bracket is no link. */
function proseOf(text: string): string {
  return readFileSync(join(root, text), 'utf8')
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, ' '));
}

function linksOf(text: string): string[] {
  return Array.from(
    proseOf(text).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]:\s*(\S+)/gm),
    ([, inline, below]) => inline ?? below ?? '',
  );
}

/** The names that the pages of the repository give to headings. */
function anchorsOf(path: string): string[] {
  return Array.from(proseOf(path).matchAll(/^#+ +(.+)$/gm), ([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** Where a link leads to in the repository; `undefined` where it leads out of it. */
function targetOf(text: string, link: string): string | undefined {
  const [, , inRepository] = online.exec(link) ?? [];
  if (inRepository !== undefined) return resolve(root, inRepository);
  if (/^[a-z]+:/.test(link)) return undefined;
  const [path = ''] = link.split('#');
  return path === '' ? resolve(root, text) : resolve(root, dirname(text), path);
}

/** What is wrong with a link, or nothing. */
function faultOf(text: string, link: string): string | undefined {
  const target = targetOf(text, link);
  if (target === undefined) return undefined;
  if (!existsSync(target)) return 'leads nowhere';
  const isFolder = statSync(target).isDirectory();
  const [, kind] = online.exec(link) ?? [];
  if (kind !== undefined && (kind === 'tree') !== isFolder) return `is not /${isFolder ? 'tree' : 'blob'}/`;
  const [, anchor] = link.split('#');
  if (anchor === undefined) return undefined;
  const page = relative(root, isFolder ? join(target, 'README.md') : target);
  return page.endsWith('.md') && anchorsOf(page).includes(anchor) ? undefined : 'leads to no heading';
}

test.each(texts)('every link of %s leads to an existing target', (text) => {
  const faults = linksOf(text).flatMap((link) => {
    const fault = faultOf(text, link);
    return fault === undefined ? [] : [`${link} ${fault}`];
  });
  expect(faults).toEqual([]);
});

/** What npm packs whatever `files` says. */
const alwaysPacked = ['README.md', 'LICENSE', 'package.json'];

describe.each(publishedPackages().map(({ folder, manifest }) => ({ name: manifest.name, folder, manifest })))(
  '$name',
  ({ folder, manifest }) => {
    const packed = new Set([...manifest.files, ...alwaysPacked]);
    const pages = globSync('*.md', { cwd: folder }).filter((page) => packed.has(page));

    test.each(pages)('%s links to files packed beside it, and to everything else by URL', (page) => {
      const dead = linksOf(relative(root, join(folder, page))).filter((link) => {
        if (/^(?:[a-z]+:|#)/.test(link)) return false;
        const [first = ''] = relative(folder, resolve(folder, link)).split(sep);
        return !packed.has(first.replace(/#.*$/, ''));
      });
      expect(dead).toEqual([]);
    });
  },
);
