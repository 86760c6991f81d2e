import type { NewWave } from '@serve.zone/baseos-cloudly-handlers';
import { UsageError } from '@serve.zone/baseos-command-line';
import { parseDuration } from '../time/parse-duration.js';

/**
 * Waves as people write them: `1 manual; 10% soak 15m; rest`. A wave is a number of nodes, a share of all or `rest`; `where` and a
 * selector choose among those that are left.
 *
 * @throws UsageError for a text that cannot be read
 */
export function parseWaves(text: string): NewWave[] {
  return text.split(';').map((wave, index) => parseWave(wave.trim(), index + 1));
}

function parseWave(text: string, number: number): NewWave {
  const [size = '', ...words] = text.split(/\s+/);
  const wave: NewWave = { ...parseSize(size, number) };
  while (words.length > 0) {
    const word = words.shift();
    if (word === 'manual') wave.gate = 'manual';
    else if (word === 'soak')
      wave.soakMs = parseDuration(words.shift() ?? '') ?? fail(number, 'needs a duration after soak');
    else if (word === 'where') wave.select = takeSelector(words, number);
    else fail(number, `has a word that it cannot have: ${word}`);
  }
  return wave;
}

function parseSize(text: string, number: number): Pick<NewWave, 'size'> {
  if (text === 'rest') return {};
  const [, digits = '', percent] =
    /^(\d{1,7}(?:\.\d+)?)(%)?$/.exec(text) ??
    fail(number, 'must begin with a number of nodes, a share such as 10%, or rest');
  return { size: percent ? { percent: Number(digits) } : { count: Number(digits) } };
}

/** Up to the next word of a wave. */
function takeSelector(words: string[], number: number): string {
  const end = words.findIndex((word) => word === 'manual' || word === 'soak');
  const taken = words.splice(0, end === -1 ? words.length : end);
  return taken.length === 0 ? fail(number, 'needs a selector after where') : taken.join(' ');
}

function fail(number: number, what: string): never {
  throw new UsageError(`--waves: wave ${number} ${what}. Write waves such as "1 manual; 10% soak 15m; rest".`);
}
