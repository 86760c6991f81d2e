import type { UpdateStrategy } from '@serve.zone/balena-supervisor-emulator';
import { isUpdate } from './gate-situation.js';
import type { GateEntry, GateSituation } from './gate-situation.js';
import type { RecordedCourse } from './recorded-course.js';

/** What happened to the device that its answers do not tell. */
export interface Script {
  /** What was there before the first entry: nothing, the first target behind a lock, or another release. */
  staged: 'nothing' | 'target' | 'other' | 'half-installed';
  /** How the target differs from what runs. */
  change: 'images' | 'names' | 'label' | 'config';
  /** The service that holds its lock from the start. */
  lockedBy: string | undefined;
  /** The entry before which the lock is released. */
  opensBefore: number | undefined;
  /** The service that is not replaced in the usual order. */
  strategy: { serviceName: string; strategy: UpdateStrategy } | undefined;
  /** Why the Supervisor went away, where it did. */
  death: 'kill' | 'reboot';
  /** Whether the lock is taken while the Supervisor is away. */
  locksWhileAway: boolean;
}

/** Scripts by which the situation may have come about, the ones that its title suggests first. */
export function scriptsFor({ title, entries }: GateSituation, course: RecordedCourse): Script[] {
  const said = title.toLowerCase();
  const names = course.services.map(({ serviceName }) => serviceName);
  const isAwayAtFirst = entries[0]?.outcome.kind === 'no-answer';
  const hasDeath = entries.some(({ outcome }) => outcome.kind === 'no-answer');
  const isHeld = isHeldAtFirst(entries);
  const lockers = byTitle<string | undefined>(
    [...(isHeld || isAwayAtFirst ? names.toReversed() : []), ...(isHeld ? [] : [undefined])],
    (name) => name !== undefined && new RegExp(`${name}[^,;]*lock|lock[^,;]*${name}|${name} holds`).test(said),
  );
  const dimensions = {
    staged: byTitle(stagedIn(isAwayAtFirst, isCleanAtFirst(entries), course), (each) =>
      suggestsStaged(said, each, isAwayAtFirst),
    ),
    change: changesIn(course, said),
    lockedBy: lockers,
    opensBefore: openings(entries),
    strategy: strategiesIn(names, said),
    death: hasDeath
      ? byTitle<Script['death']>(['kill', 'reboot'], (each) => /reboot/.test(said) === (each === 'reboot'))
      : ['kill' as const],
    locksWhileAway: hasDeath
      ? byTitle([false, true], (each) => each === /takes its lock|replaces the left lock|took its lock/.test(said))
      : [false],
  };
  return combinations(dimensions).filter(isSensible);
}

/** Whether something has failed by a lock before the Supervisor went away. */
function isHeldAtFirst(entries: readonly GateEntry[]): boolean {
  const away = entries.findIndex(({ outcome }, index) => index > 0 && outcome.kind === 'no-answer');
  return entries
    .slice(0, away < 0 ? undefined : away)
    .some(({ outcome }) => outcome.kind === 'answer' && /"update_failed":true|Lockfile exists/.test(outcome.body));
}

// Without a lock nothing is released, and nothing is staged.
function isSensible({ staged, lockedBy, opensBefore, locksWhileAway }: Script): boolean {
  if (lockedBy === undefined) {
    const isOpened = opensBefore !== undefined;
    return isOpened === locksWhileAway && (staged === 'nothing' || staged === 'half-installed');
  }
  return staged !== 'half-installed' || locksWhileAway;
}

/** Whether the first answer of the device tells of no update. */
function isCleanAtFirst(entries: readonly GateEntry[]): boolean {
  const first = entries.find(({ request }) => request.path === '/v1/device');
  return first?.outcome.kind === 'answer' && /"update_failed":false.*"commit":/.test(first.outcome.body);
}

function stagedIn(isAwayAtFirst: boolean, isCleanFirst: boolean, course: RecordedCourse): Script['staged'][] {
  if (course.isOtherStaged) return ['other'];
  if (isCleanFirst) return ['nothing'];
  return isAwayAtFirst ? ['target', 'nothing', 'half-installed'] : ['nothing', 'target', 'other'];
}

function suggestsStaged(said: string, staged: Script['staged'], isAwayAtFirst: boolean): boolean {
  if (staged === 'target')
    return /lock removed in the middle|back-off|waits behind|staged|while a download runs/.test(said);
  if (staged === 'half-installed') return isAwayAtFirst && /held its own locks|holds its (?:own )?locks/.test(said);
  return false;
}

function changesIn({ targets, commit, services }: RecordedCourse, said: string): Script['change'][] {
  const target = targets.find((each) => each.commit !== commit);
  if (target === undefined)
    return byTitle<Script['change']>(['label', 'config'], (each) => /config/.test(said) === (each === 'config'));
  const known = new Set(services.map(({ imageId }) => imageId));
  const isNew = target.services.some(({ imageId }) => imageId !== undefined && !known.has(imageId));
  return byTitle<Script['change']>(
    ['images', 'names'],
    (each) => (each === 'names') === /same contents|metadata/.test(said) && isNew,
  );
}

/** Before each request for an update, and halfway to what only a free lock allows. */
function openings(entries: readonly GateEntry[]): (number | undefined)[] {
  const updates = entries.flatMap((entry, index) => (isUpdate(entry) ? [index] : []));
  const cancels = updates.filter((index) => /"cancel":true/.test(entries[index]?.request.body ?? ''));
  const firstStop = entries.findIndex(
    ({ request, outcome }) =>
      request.path === '/v1/device' &&
      outcome.kind === 'answer' &&
      /"status":"(?:Stopping|Downloaded|Deleting)"/.test(outcome.body),
  );
  const inOrder = [...cancels.toReversed(), ...updates.toReversed(), ...(firstStop > 0 ? [firstStop] : [])];
  return [...new Set([...inOrder, undefined])];
}

function strategiesIn(names: readonly string[], said: string): Script['strategy'][] {
  const strategies = ['hand-over', 'kill-then-download', 'delete-then-download'] as const;
  const all = names.flatMap((serviceName) => strategies.map((strategy) => ({ serviceName, strategy })));
  const told = all.filter(({ serviceName, strategy }) =>
    new RegExp(`${serviceName}[^,;]{0,12}${strategy.replaceAll('-', '[- ]?')}`).test(said),
  );
  return told.length > 0 ? told : [undefined, ...all];
}

function byTitle<Value>(values: readonly Value[], isSuggested: (value: Value) => boolean): Value[] {
  return values.toSorted((one, other) => Number(isSuggested(other)) - Number(isSuggested(one)));
}

// The combinations that differ least from the first of everything come first.
function combinations(dimensions: { [Name in keyof Script]: readonly Script[Name][] }): Script[] {
  let partial: { rank: number; values: Partial<Script> }[] = [{ rank: 0, values: {} }];
  for (const [name, values] of Object.entries(dimensions)) {
    partial = partial.flatMap((each) =>
      (values as readonly unknown[]).map((value, index) => ({
        rank: each.rank + index,
        values: { ...each.values, [name]: value },
      })),
    );
  }
  return partial.toSorted((one, other) => one.rank - other.rank).map(({ values }) => values as Script);
}
