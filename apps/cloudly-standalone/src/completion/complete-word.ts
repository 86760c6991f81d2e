import type { ExpectedValue, ExpectedWord, ListedName } from '@serve.zone/baseos-command-line';
import { type Completion, nothing } from './completion.js';
import type { FleetWords } from './fleet-words.js';
import { selectorWords } from './selector-words.js';

/** What flags and arguments of our commands offer, beside lists of values. */
export type OfferedSource = 'files' | 'nodes' | 'selector' | 'nodes-or-selector' | 'views' | 'rollouts';

/** What a shell offers where this is expected and so much of it is typed. */
export async function completeWord(expected: ExpectedWord, typed: string, fleet: FleetWords): Promise<Completion> {
  if (expected.kind === 'other') return nothing;
  if (expected.kind === 'value' && expected.offers === 'files') return { kind: 'files', words: [] };
  const offered = expected.kind === 'name' ? expected.names : await valuesOf(expected, fleet);
  const words = offered.filter(({ name }) => name.startsWith(typed) && !controls.test(name));
  return { kind: words.length > 0 && words.every(isOpen) ? 'open' : 'words', words };
}

async function valuesOf(expected: ExpectedValue, fleet: FleetWords): Promise<ListedName[]> {
  const { before, typed, offers = [], isList } = expected;
  const listed = isList ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
  const words = typeof offers === 'string' ? await sources[offers as OfferedSource](typed, fleet) : offers.map(plain);
  return words.map(({ name, description }) => ({ name: `${before}${listed}${name}`, description }));
}

const sources: Record<OfferedSource, (typed: string, fleet: FleetWords) => ListedName[] | Promise<ListedName[]>> = {
  files: () => [],
  nodes: (typed, { nodes }) => nodes(typed),
  views: (_typed, { views }) => views(),
  rollouts: (_typed, { rollouts }) => rollouts(),
  selector: selectorWords,
  'nodes-or-selector': async (typed, { nodes }) => [...(await nodes(typed)), ...selectorWords(typed)],
};

function plain(name: string): ListedName {
  return { name, description: '' };
}

/** A line for each: what a device calls itself could be several. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

/** A value follows it. */
function isOpen({ name }: ListedName): boolean {
  return /[=<>~.]$/.test(name);
}
