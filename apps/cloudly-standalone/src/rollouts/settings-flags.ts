import type { LimitChanges, NewWave, RolloutWindow } from '@serve.zone/baseos-cloudly-handlers';
import { readWholeNumber, UsageError } from '@serve.zone/baseos-command-line';
import { readDurationMs } from '../flags/read-flag.js';
import { parseWaves } from './parse-waves.js';

/** How a rollout limits itself. */
export const limitFlags = {
  'max-in-flight': { type: 'string', valueHint: 'n', description: 'How many nodes have the command at a time' },
  per: {
    type: 'string',
    valueHint: 'label=n',
    description: 'How many nodes with each value of a label, such as site=2; none',
  },
  'fail-percent': {
    type: 'string',
    valueHint: 'n',
    description: 'Pause when more percent of those that have ended failed',
  },
  'fail-min': { type: 'string', valueHint: 'n', description: 'And at least so many' },
  attempts: { type: 'string', valueHint: 'n', description: 'How often a node may try' },
  due: { type: 'string', valueHint: 'duration', description: 'How long the command of a node is due' },
  'wait-for': { type: 'string', valueHint: 'duration', description: 'How long a node that is offline is waited for' },
} as const;

export const windowFlags = {
  window: { type: 'string', valueHint: 'cron', description: 'When it may run, such as "0 2 * * 1-5"; none for always' },
  zone: {
    type: 'string',
    valueHint: 'zone',
    description: 'The time zone of the window, such as Europe/Berlin (default: UTC)',
  },
  open: { type: 'string', valueHint: 'duration', description: 'How long the window is open each time' },
} as const;

export const waveFlags = {
  waves: { type: 'string', description: 'The waves, such as "1 manual; 10% soak 15m; rest"' },
  dynamic: { type: 'boolean', description: 'Nodes that match the selector later become members, too' },
  approval: { type: 'boolean', description: 'It begins only once another person has approved it' },
} as const;

type Texts<Flags> = { [Name in keyof Flags]?: string | undefined };

/** What of the limits a command line names; `--per none` removes the groups. */
export function readLimits(args: Texts<typeof limitFlags>): LimitChanges | undefined {
  const whole = (name: keyof typeof limitFlags, min: number, max: number): number | undefined =>
    args[name] === undefined ? undefined : readWholeNumber(`--${name}`, args[name], { min, max });
  const duration = (name: 'due' | 'wait-for', max: string): number | undefined =>
    args[name] === undefined ? undefined : readDurationMs(`--${name}`, args[name], { min: '1m', max });
  const limits: LimitChanges = {
    maxInFlight: whole('max-in-flight', 1, 100_000),
    perGroup: args.per === undefined ? undefined : readGroups(args.per),
    failPercent: whole('fail-percent', 0, 100),
    failMin: whole('fail-min', 1, 100_000),
    attempts: whole('attempts', 1, 10),
    commandDueMs: duration('due', '7d'),
    deferredDueMs: duration('wait-for', '90d'),
  };
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function readGroups(text: string): LimitChanges['perGroup'] {
  if (text === 'none') return null;
  const [, label = '', max = ''] = /^(.+)=(\d+)$/.exec(text) ?? [];
  if (label === '')
    throw new UsageError(`--per must be a label and a number, such as site=2, or none, but is "${text}".`);
  return { label, max: readWholeNumber('--per', max, { min: 1, max: 100_000 }) };
}

/** The window that a command line names; `null` for `--window none`. */
export function readWindow({ window, zone, open }: Texts<typeof windowFlags>): RolloutWindow | null | undefined {
  if (window === undefined) {
    if (zone !== undefined || open !== undefined)
      throw new UsageError('--zone and --open are of a --window. Give it, too.');
    return undefined;
  }
  if (window === 'none') return null;
  if (open === undefined) throw new UsageError('--window needs --open, which says how long it is open each time.');
  return { cron: window, zone: zone ?? 'UTC', durationMs: readDurationMs('--open', open, { min: '1m', max: '7d' }) };
}

/** What of the waves, and of who begins it, a command line names. */
export function readPlan(args: {
  waves?: string | undefined;
  dynamic?: boolean | undefined;
  approval?: boolean | undefined;
}): {
  waves?: NewWave[];
  isDynamic?: boolean;
  needsApproval?: boolean;
} {
  return {
    ...(args.waves !== undefined && { waves: parseWaves(args.waves) }),
    ...(args.dynamic !== undefined && { isDynamic: args.dynamic }),
    ...(args.approval !== undefined && { needsApproval: args.approval }),
  };
}
