import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/published-packages.mjs';

/** A language whose snippets are run. */
export type Language = 'ts' | 'js' | 'sh';

export interface Snippet {
  language: Language;
  code: string;
}

/** The snippets of a page that can be run, in their order. */
export function snippetsOf(readme: string): Snippet[] {
  const page = readFileSync(join(root, readme), 'utf8');
  return Array.from(page.matchAll(/^```(ts|js|sh)\n(.*?)^```/gms), ([, language, code = '']) => ({
    language: language as Language,
    code,
  }));
}

/** The one snippet of a page with these words in it. */
export function findSnippet(readme: string, words: string): Snippet {
  const [found, ...others] = snippetsOf(readme).filter(({ code }) => code.includes(words));
  if (found === undefined || others.length > 0) throw new Error(`${readme} has not one snippet with ${words}`);
  return found;
}
