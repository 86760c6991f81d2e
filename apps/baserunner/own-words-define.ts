import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPlainWord, wordsIn } from './src/diagnose/words.js';

const root = join(import.meta.dirname, '..', '..');
const sources = [
  'apps/baserunner/src/**/*.ts',
  'packages/{cloudly-connector,command-line,contracts,runner-core,supervisor-client}/src/**/*.ts',
];

/** What `src/diagnose/own-words.ts` needs from the build: the words of the sources that go into the program. */
export function readOwnWords(): string[] {
  const paths = globSync(sources, { cwd: root, exclude: ['**/*.test.ts', '**/*.test-d.ts'] });
  const words = paths.flatMap((path) => wordsIn(readFileSync(join(root, path), 'utf8')));
  return [...new Set(words)].filter(isPlainWord).toSorted();
}

export function ownWordsDefine(): Record<string, string> {
  return {
    BASEOS_OWN_WORDS: JSON.stringify(readOwnWords().join(' ')),
  };
}
