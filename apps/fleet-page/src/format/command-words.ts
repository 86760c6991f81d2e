import { type CommandRecord, commandState, type CommandState } from '@serve.zone/baseos-cloudly-handlers';
import type { Chip } from './node-chips.js';

const chips: Readonly<Record<CommandState, Chip>> = {
  queued: { tone: 'off', icon: 'wait', word: 'Waiting' },
  listed: { tone: 'off', icon: 'wait', word: 'Sent' },
  running: { tone: 'busy', icon: 'busy', word: 'Running' },
  succeeded: { tone: 'ok', icon: 'ok', word: 'Succeeded' },
  failed: { tone: 'bad', icon: 'bad', word: 'Failed' },
  refused: { tone: 'off', icon: 'off', word: 'Refused' },
  unsupported: { tone: 'off', icon: 'off', word: 'Unsupported' },
  interrupted: { tone: 'warn', icon: 'warn', word: 'Interrupted' },
  expired: { tone: 'off', icon: 'wait', word: 'Expired' },
  cancelled: { tone: 'off', icon: 'off', word: 'Cancelled' },
  unknown: { tone: 'warn', icon: 'warn', word: 'Unknown' },
};

export function commandChip(command: CommandRecord, nowMs: number): Chip {
  return chips[commandState(command, nowMs)];
}

/** `restart-service` as a person writes it. */
export function commandTitle(kind: string): string {
  const words = kind.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const phases = ['downloading', 'installing', 'restarting', 'verifying'] as const;

export interface Phase {
  word: string;
  place: 'past' | 'current' | 'ahead';
}

const waitingWords: Readonly<Record<string, string>> = {
  postponed: 'Postponed',
  'waiting-for-lock': 'Waiting for lock',
};

/** The way of a command, from where it is: a wait stands before what it waits for. */
export function commandPhases(kind: string, phase: string): Phase[] {
  const way = kind === 'update' ? phases : phases.filter((each) => each === 'restarting');
  const waiting = waitingWords[phase];
  const at = way.findIndex((each) => each === phase);
  const steps = way.map((each, index): Phase => {
    const place = index < at ? 'past' : index === at ? 'current' : 'ahead';
    return { word: commandTitle(each), place };
  });
  if (waiting !== undefined) return [{ word: waiting, place: 'current' }, ...steps];
  return at === -1 ? [{ word: commandTitle(phase), place: 'current' }] : steps;
}
