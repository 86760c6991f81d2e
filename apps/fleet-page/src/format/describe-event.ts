import type { FleetEvent } from '@serve.zone/baseos-cloudly-handlers';
import { formatDuration } from './format-duration.js';
import type { Tone } from './node-chips.js';
import { shortRelease } from './short-release.js';

export interface DescribedEvent {
  icon: string;
  tone: Tone | '';
  text: string;
}

type Details = Readonly<Record<string, unknown>>;

/** Where more is to be said than the kind says by itself. */
const sentences: Readonly<Record<string, (details: Details) => string>> = {
  'node-registered': ({ isPending }) => (isPending ? 'Registered, waits for approval' : 'Registered'),
  'node-rebind-allowed': () => 'May be taken over by another device',
  'node-rebound': () => 'Taken over by another device',
  'node-rotation-demanded': () => 'Gets a new token',
  'node-updates-set': ({ to }) => `Updates set to ${word(to)}`,
  'node-named': ({ from, to }) => (to === undefined ? `Lost its name ${word(from)}` : `Named ${word(to)}`),
  'node-labelled': ({ labels }) => `Labelled ${labelWords(labels)}`,
  'node-noted': () => 'Notes changed',
  'node-late': () => 'Late: a heartbeat is missing',
  'node-offline': () => 'Offline: no heartbeats',
  'node-back': ({ quietMs }) => `Heard again after ${formatDuration(Number(quietMs))}`,
  'crash-loop': ({ startCount, withinMs }) =>
    `The agent started ${word(startCount)} times within ${formatDuration(Number(withinMs))}`,
  'agent-changed': ({ from, to }) => `Agent ${word(to)} instead of ${word(from)}`,
  'os-changed': ({ from, to }) => `OS ${word(to)} instead of ${word(from)}`,
  'release-changed': ({ from, to }) => `Runs release ${shortRelease(word(to))} instead of ${shortRelease(word(from))}`,
  'supervisor-changed': ({ from, to }) => `Supervisor ${word(to)}, before ${word(from)}`,
  'storage-low': ({ freePercent }) => `Only ${word(freePercent)} % of the storage are free`,
  'storage-recovered': ({ freePercent }) => `${word(freePercent)} % of the storage are free again`,
  'command-queued': ({ command, service }) =>
    `Command ${word(command)} sent${service === undefined ? '' : ` for ${word(service)}`}`,
  'command-cancelled': ({ command }) => `Command ${word(command)} cancelled`,
  'command-finished': ({ command, outcome, code }) =>
    `Command ${word(command)} ${word(outcome)}${code === undefined ? '' : `: ${word(code)}`}`,
  'command-ended': ({ command, state }) => `Command ${word(command)} ended without a result: ${word(state)}`,
};

const shapes: readonly (readonly [RegExp, string, Tone])[] = [
  [/^(?:update-failed|crash-loop|clone-suspected)$/, 'bad', 'bad'],
  [/^(?:storage-low|node-late|sign-in-failed|command-ended)$/, 'warn', 'warn'],
  [/^node-offline$/, 'off', 'off'],
  [/^(?:node-back|node-approved|storage-recovered|node-registered)$/, 'ok', 'ok'],
  [/^node-revoked|^node-forgotten/, 'lock', 'off'],
  [/^command-/, 'play', 'off'],
  [/^(?:release|agent|os)-changed$/, 'down', 'off'],
  [/labelled|view-/, 'tag', 'off'],
  [/token|password/, 'key', 'off'],
];

/** What happened, in a line. */
export function describeEvent({ kind, details }: Pick<FleetEvent, 'kind' | 'details'>): DescribedEvent {
  const given = details as Details;
  const [, icon = 'user', tone = 'off'] = shapes.find(([pattern]) => pattern.test(kind)) ?? [];
  const own =
    kind === 'command-finished'
      ? outcomeShape(given['outcome'])
      : { icon, tone: tone === 'off' && icon !== 'off' ? '' : tone };
  return { ...own, text: sentences[kind]?.(given) ?? ofKind(kind, given) } as DescribedEvent;
}

/** A kind that is newer than this page says enough by itself. */
function ofKind(kind: string, { name }: Details): string {
  const words = kind.replace(/^node-/, '').replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${typeof name === 'string' ? `: ${name}` : ''}`;
}

function outcomeShape(outcome: unknown): Pick<DescribedEvent, 'icon' | 'tone'> {
  if (outcome === 'succeeded') return { icon: 'ok', tone: 'ok' };
  return outcome === 'failed' ? { icon: 'bad', tone: 'bad' } : { icon: 'off', tone: 'off' };
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
}

function labelWords(labels: unknown): string {
  return Object.entries(labels as Record<string, string | null>)
    .map(([key, value]) => (value === null ? `-${key}` : `${key}=${value}`))
    .join(' ');
}

/** `operator:ada` as people say it. */
export function describeActor(actor: string): string {
  const [kind = '', ...rest] = actor.split(':');
  const name = rest.join(':');
  if (kind === 'system') return 'Cloudly';
  if (kind === 'anonymous') return 'Somebody';
  if (kind === 'node') return 'The node';
  if (kind === 'token') return `API token ${name}`;
  return kind === 'cli' ? `${name} at the command line` : name;
}
