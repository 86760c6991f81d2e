import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { parseConfig } from '../src/config/parse-config.js';
import type { RunnerConfig } from '../src/config/runner-config.js';
import type { Identity } from '../src/identity/identity.js';
import type { IdentityStore } from '../src/identity/identity-store.js';
import { openIdentity } from '../src/store/open-identity.js';
import type { FileSystem } from '../src/ports/file-system.js';
import type { Randomness } from '../src/ports/randomness.js';
import { Secret } from '../src/values/secret.js';
import { type Disk, type Fault, MemoryFileSystem } from './memory-file-system.js';
import { type CutDisk, disksAfterPowerCut } from './power-cut.js';

export const statePath = '/data/baseos/state.json';
export const copyPath = `${statePath}.last-good`;

/** A change of what is stored, from the agent's start on. */
export interface StateChange {
  /** What the agent finds. */
  disk: Disk;
  /** Its settings, before the power cut and after it. */
  environment?: Record<string, string>;
  /** What is changed after the start, one after the other. */
  updates?: readonly ((identity: Identity) => Identity)[];
  /** What the disk refuses while the change is made, and no longer at the start after it. */
  fault?: Fault;
  /** What is made by chance, and may be another as long as the agent has not said that it is stored. */
  chance?: readonly (keyof Identity)[];
  /** Each is in a file, whatever happens. */
  keeps?: readonly string[];
}

/** What is wrong with the agent or its disk, to show that the proof would find it. */
export interface Mutation {
  ignoresSync?: (disk: MemoryFileSystem, call: 'sync' | 'syncDirectory', path: string) => boolean;
  change?: (disk: MemoryFileSystem) => FileSystem;
}

export interface Proof {
  /** The first disk from which the agent did not recover, and how. */
  loss: string | undefined;
  /** How many different disks it was started on. */
  disks: number;
}

/**
 * Makes the change once, and starts the agent on every disk that a power cut at any moment of it may leave. Holds that
 * - it is the same node, with the token that it last said to have stored or a later one, and never half of each;
 * - it can store again, and is the same once more at the start after that;
 * - what it said to have stored also survives the damage of either file;
 * - the same goes for a second power cut, while it recovers from the first.
 */
export async function provePowerCut(change: StateChange, mutation: Mutation = {}): Promise<Proof> {
  const { events, attempts } = await record(change, mutation);
  const known = new Map<string, Recovery>();
  let recoveries = 0;
  for (const cut of disksAfterPowerCut(change.disk, events)) {
    const key = keyOf(cut.disk);
    const isNew = !known.has(key);
    const recovery = known.get(key) ?? (await recover(change, cut));
    known.set(key, recovery);
    recoveries += isNew && !cut.isTorn ? 1 : 0;
    const demand: Demand = { change, attempts, stored: lastOf(cut.marks) };
    const loss =
      lossOf(recovery, demand) ??
      lostText(cut.disk, change) ??
      (cut.isAtMark ? await lossByDamage(cut, demand) : undefined) ??
      (isNew && !cut.isTorn && recoveries % SECOND_CUT_STEP === 1 % SECOND_CUT_STEP
        ? await lossBySecondCut(cut, demand)
        : undefined);
    if (loss !== undefined) return { loss: `${cut.where}: ${loss}`, disks: known.size };
  }
  return { loss: undefined, disks: known.size };
}

/** Power is cut a second time during each recovery, or during some. */
const SECOND_CUT_STEP = howMany(15, 1);

interface Recovery {
  identity: unknown;
  durable: boolean;
  /** Of the start after that one. */
  next: unknown;
}

interface Demand {
  change: StateChange;
  /** What was in force or was to be, in order. */
  attempts: readonly unknown[];
  /** Which of them was last said to be stored. */
  stored: number | undefined;
}

/** The change as it happened, with a mark wherever the agent says that something is stored. */
async function record(change: StateChange, { ignoresSync, change: mutate }: Mutation = {}) {
  const disk = new MemoryFileSystem(change.disk);
  if (ignoresSync) disk.ignoresSync = (call, path) => ignoresSync(disk, call, path);
  if (change.fault) disk.fault = change.fault;
  const store = await openOn(mutate?.(disk) ?? disk, change.environment);
  const attempts = [revealed(store.current)];
  if (store.durable) disk.mark(0);
  for (const update of change.updates ?? []) {
    const attempt = update(store.current);
    const { ok } = await store.update(update);
    attempts.push(revealed(ok ? store.current : attempt));
    if (ok) disk.mark(attempts.length - 1);
  }
  return { events: disk.events, attempts };
}

async function recover({ environment }: StateChange, { disk, isTorn }: Pick<CutDisk, 'disk' | 'isTorn'>) {
  const fileSystem = new MemoryFileSystem(disk);
  const { current, durable } = await openOn(fileSystem, environment);
  const identity = revealed(current);
  // A torn file is gone after the first start: the second has the disk of others that are not torn.
  const next = isTorn ? identity : revealed((await openOn(fileSystem, environment)).current);
  return { identity, durable, next };
}

function lossOf({ identity, durable, next }: Recovery, { change, attempts, stored }: Demand): string | undefined {
  const withoutChance = (value: unknown): unknown =>
    stored === undefined
      ? Object.fromEntries(Object.entries(value as object).filter(([name]) => !change.chance?.includes(name as never)))
      : value;
  const possible = attempts.slice(stored ?? 0).map(withoutChance);
  if (!possible.some((each) => isDeepStrictEqual(each, withoutChance(identity)))) {
    const last = stored === undefined ? 'nothing' : JSON.stringify(attempts[stored]);
    return `${last} was said to be stored, and the next start had ${JSON.stringify(identity)}`;
  }
  if (!durable) return 'the next start could not store the identity';
  return isDeepStrictEqual(next, identity) ? undefined : 'two starts after it gave two identities';
}

function lostText(disk: Disk, { keeps = [] }: StateChange): string | undefined {
  const texts = [...disk.values()].map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
  const lost = keeps.find((kept) => !texts.some((text) => text.includes(kept)));
  return lost && `no file holds ${lost} any more`;
}

/** What is stored is so twice. */
async function lossByDamage({ disk }: CutDisk, demand: Demand): Promise<string | undefined> {
  if (demand.change.fault) return undefined;
  for (const path of [statePath, copyPath]) {
    for (const length of [undefined, 0, 100]) {
      const damaged = new Map(disk);
      const node = disk.get(path);
      if (!node) return `${path} is missing`;
      if (length === undefined) damaged.delete(path);
      else damaged.set(path, { ...node, bytes: node.bytes.slice(0, length) });
      const loss = lossOf(await recover(demand.change, { disk: damaged, isTorn: false }), demand);
      if (loss !== undefined) return `with ${path} ${length === undefined ? 'gone' : `cut at ${length}`}, ${loss}`;
    }
  }
  return undefined;
}

async function lossBySecondCut({ disk }: CutDisk, demand: Demand): Promise<string | undefined> {
  const { environment = {} } = demand.change;
  const { events, attempts } = await record({ disk, environment });
  for (const cut of disksAfterPowerCut(disk, events)) {
    if (cut.isTorn) continue;
    const recovery = await recover(demand.change, cut);
    const loss =
      lossOf(recovery, cut.marks.length > 0 ? { ...demand, attempts, stored: 0 } : demand) ??
      lostText(cut.disk, demand.change);
    if (loss !== undefined) return `while it recovered, ${cut.where}: ${loss}`;
  }
  return undefined;
}

/** A random source shared with no other agent of the process: a lost identity never reappears by accident. */
let chances = 0;

function newChance(): number {
  return (chances += 1);
}

const randomness: Randomness = {
  fraction: () => 0.5,
  uuid: () => `00000000-0000-4000-8000-${String(newChance()).padStart(12, '0')}`,
  bytes: (length) => Buffer.alloc(length, `${newChance()}.`),
};

const configs = new Map<string, RunnerConfig>();

/** A proof starts thousands of agents with the same settings. */
function configOf(environment: Record<string, string>): RunnerConfig {
  const settings = { BASEOS_CLOUDLY_URL: 'https://cloudly.example', BASEOS_STATE_PATH: statePath, ...environment };
  const key = JSON.stringify(settings);
  const known = configs.get(key);
  if (known) return known;
  const parsed = parseConfig(settings);
  if (!parsed.ok) throw new Error(parsed.mistakes.map(({ message }) => message).join());
  configs.set(key, parsed.config);
  return parsed.config;
}

/** The agent's own start, on a disk in memory. */
export async function openOn(fileSystem: FileSystem, environment: Record<string, string> = {}): Promise<IdentityStore> {
  return openIdentity({
    config: configOf(environment),
    fileSystem,
    randomness,
    clock: { sleep: async () => undefined, wallMs: () => Date.parse('2026-11-23T12:00:00Z') },
    lockDirectory: async () => ({ release: async () => undefined }),
  });
}

/** A value with its secrets, to be compared; what is `undefined` is as good as absent. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, revealed(member)]));
}

function lastOf(marks: readonly unknown[]): number | undefined {
  return marks.at(-1) as number | undefined;
}

function keyOf(disk: Disk): string {
  return [...disk]
    .map(([path, { mode, bytes }]) => `${path} ${mode} ${Buffer.from(bytes).toString('latin1')}`)
    .join('\n');
}
