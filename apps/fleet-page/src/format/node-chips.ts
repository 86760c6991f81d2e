import type { FleetNode } from '@serve.zone/baseos-cloudly-handlers';

export type Tone = 'ok' | 'off' | 'busy' | 'warn' | 'bad';

/** A state in a word, with the shape that says the same. */
export interface Chip {
  tone: Tone;
  icon: string;
  word: string;
}

const states: Readonly<Record<FleetNode['state'], Chip>> = {
  online: { tone: 'ok', icon: 'ok', word: 'Online' },
  late: { tone: 'warn', icon: 'warn', word: 'Late' },
  offline: { tone: 'off', icon: 'off', word: 'Offline' },
  'never-seen': { tone: 'off', icon: 'wait', word: 'Never seen' },
  pending: { tone: 'warn', icon: 'wait', word: 'Waits for approval' },
  revoked: { tone: 'off', icon: 'lock', word: 'Revoked' },
};

/** Where a node stands, the most urgent first; the state itself is always among it. */
export function nodeChips({ state, facts }: Pick<FleetNode, 'state' | 'facts'>): Chip[] {
  const chips: Chip[] = [];
  if (facts.isCloneSuspected) chips.push({ tone: 'bad', icon: 'bad', word: 'Clone suspected' });
  if (facts.updateState === 'failed') chips.push({ tone: 'bad', icon: 'bad', word: 'Update failed' });
  chips.push(states[state]);
  if (state !== 'online') return chips;
  if (facts.updateState === 'downloading') chips.push({ tone: 'busy', icon: 'down', word: 'Downloading' });
  if (facts.updateState === 'installing') chips.push({ tone: 'busy', icon: 'busy', word: 'Installing' });
  return chips;
}
