import type { CommandResult, RunningCommand } from '@serve.zone/baseos-contracts';
import type { CommandRecord } from '../../src/fleet/command-record.js';
import { createMemoryStore } from '../../src/stores/memory/memory-store.js';
import type { RolloutStore } from '../../src/fleet-store/rollout-store.js';
import type { Rollout, RolloutLimits, Wave } from '../../src/fleet-store/rollout.js';
import { plan } from '../../src/rollouts/plan.js';
import { createRolloutPass } from '../../src/rollouts/rollout-pass.js';
import { startRollout } from '../../src/rollouts/start-rollout.js';
import { type StepOutcome, stepBy, type StepOptions } from '../../src/rollouts/step-rollout.js';
import type { Alteration } from '../../src/rollouts/plan.js';
import { noMembers } from '../../src/rollouts/wave-counts.js';
import { NOW_MS } from '../../src/stores/suite/fixtures.js';
import { createLatch } from '../fixtures/latch.js';
import { addLabelled, deviceStatus, heardAt, setProfile } from '../../src/stores/suite/fleet/fleet-fixtures.js';

export const INTERVAL_MS = 60_000;
const OLD_COMMIT = '0000000';
const NEW_COMMIT = 'aaaaaaa';

export type Ending =
  | 'succeed'
  | 'fail'
  | 'refuse'
  | 'other-release'
  | 'other-commit'
  | 'interrupt'
  | 'strange'
  | 'forget';

/** A device, as it is; the store knows of it what its heartbeats say. */
interface Device {
  nodeId: string;
  isOnline: boolean;
  isForgotten: boolean;
  sequence: number;
  commit: string;
  /** The commands that the last answer listed, and that were not begun yet. */
  due: CommandRecord[];
  /** It never begins one again. */
  begun: Set<string>;
  executing?: CommandRecord | undefined;
  results: CommandResult[];
}

/** A process that carries rollouts out. */
interface Server {
  pass: () => Promise<void>;
  /** It has read, and is about to keep what it has planned. */
  parked?: { goOn: () => void; done: Promise<unknown> } | undefined;
}

export interface RolloutSettings {
  selector?: string;
  waves?: readonly Wave[];
  limits?: Partial<RolloutLimits>;
  window?: Rollout['window'];
  isDynamic?: boolean;
  scope?: Rollout['scope'];
}

export const limits: RolloutLimits = {
  maxInFlight: 2,
  failPercent: 30,
  failMin: 2,
  attempts: 1,
  commandDueMs: 3_600_000,
  deferredDueMs: 7 * 86_400_000,
};

export type World = Awaited<ReturnType<typeof createWorld>>;

/** A fleet of emulated devices on a memory store, two servers, and a clock that the test moves. */
export async function createWorld(siteOf: readonly string[], planner: typeof plan = plan) {
  const store = createMemoryStore();
  const clock = { nowMs: NOW_MS, monotonicMs: 0, latestMs: NOW_MS };
  const now = (): number => clock.nowMs;
  const errors: unknown[] = [];
  const devices: Device[] = [];

  const step = (rolloutId: string, options: Omit<StepOptions, 'nowMs'> = {}): Promise<StepOutcome> =>
    stepBy(planner, store.as({ actor: 'operator:ada', nowMs: now() }), rolloutId, { nowMs: now(), ...options });

  const createServer = (): Server => ({
    pass: createRolloutPass(
      {
        store,
        now,
        monotonicMs: () => clock.monotonicMs,
        onError: (error) => void errors.push(error),
        signal: new AbortController().signal,
      },
      (...rest) => stepBy(planner, ...rest),
    ),
  });
  const servers = [createServer(), createServer()];
  const serverAt = (index: number): Server => servers[index % servers.length] ?? createServer();
  const deviceAt = (index: number): Device | undefined => devices[index % devices.length];

  const beat = async (device: Device): Promise<void> => {
    if (!device.isOnline || device.isForgotten) return;
    device.sequence += 1;
    const { nodeId, sequence, commit, results } = device;
    const runningCommand = runningCommandOf(device);
    if (runningCommand) {
      const progress = { phase: runningCommand.phase, phaseBeganAtMs: now(), reportedAtMs: now() };
      await store.saveProgress(nodeId, runningCommand.id, progress);
    }
    await store.saveReport(
      nodeId,
      heardAt(sequence, now(), {
        expectedByMs: now() + 2 * INTERVAL_MS,
        status: statusOf(nodeId, commit),
        ...(runningCommand && { runningCommand }),
      }),
    );
    await store.saveCommandResults(nodeId, results, now());
    device.results = [];
    const stored = await store.findNode(nodeId);
    const isSuspected = stored?.node.cloneSuspectedAtMs !== undefined;
    const listed = isSuspected ? [] : await store.offerCommands(nodeId, now(), 16);
    device.due = listed.filter(({ id }) => !device.begun.has(id));
  };

  const world = {
    store,
    clock,
    now,
    errors,
    devices,
    step,
    async addDevice(site: string) {
      const nodeId = `node-${devices.length}`;
      await addLabelled(store, nodeId, { site, shop: 'a' }, { registeredAtMs: now(), approvedAtMs: now() });
      const device: Device = {
        nodeId,
        isOnline: true,
        isForgotten: false,
        sequence: 0,
        commit: OLD_COMMIT,
        due: [],
        begun: new Set(),
        results: [],
      };
      devices.push(device);
      await beat(device);
    },
    async beatAll() {
      for (const device of devices) await beat(device);
    },
    async beat(index: number) {
      const device = deviceAt(index);
      if (device) await beat(device);
    },
    toggleOnline(index: number) {
      const device = deviceAt(index);
      if (device) device.isOnline = !device.isOnline;
    },
    begin(index: number) {
      const device = deviceAt(index);
      const [command] = device?.due ?? [];
      if (!device || device.isForgotten || !command || device.executing) return;
      device.due = device.due.slice(1);
      device.begun.add(command.id);
      device.executing = command;
    },
    end(index: number, ending: Ending) {
      const device = deviceAt(index);
      const command = device?.executing;
      if (!device || !command) return;
      device.executing = undefined;
      if (ending === 'succeed') device.commit = command.commit ?? device.commit;
      if (ending !== 'forget') device.results.push({ id: command.id, ...resultOf(ending, command) });
    },
    /** Each device begins what is listed, and ends it. */
    async work(ending: Ending) {
      await world.beatAll();
      for (const index of devices.keys()) {
        world.begin(index);
        world.end(index, ending);
      }
      await world.beatAll();
    },
    async relabel(index: number, labels: Record<string, string>) {
      const device = deviceAt(index);
      if (device && !device.isForgotten) await setProfile(store, device.nodeId, { labels });
    },
    async forget(index: number) {
      const device = deviceAt(index);
      if (!device || device.isForgotten) return;
      device.isForgotten = true;
      device.executing = undefined;
      await store.removeNode(device.nodeId);
    },
    async suspect(index: number) {
      const device = deviceAt(index);
      const stored = device && (await store.findNode(device.nodeId));
      if (!stored) return;
      const { cloneSuspectedAtMs, ...node } = stored.node;
      await store.replaceNode(cloneSuspectedAtMs === undefined ? { ...node, cloneSuspectedAtMs: now() } : node);
    },
    /** Somebody cancels the open command of one node by hand. */
    async cancel(index: number) {
      const device = deviceAt(index);
      const commands = device ? await store.listCommands(device.nodeId, 1) : [];
      for (const { id } of commands) await store.cancelCommand(device?.nodeId ?? '', id, now());
    },
    async pass(durationMs: number) {
      clock.nowMs += durationMs;
      clock.monotonicMs += durationMs;
      clock.latestMs = Math.max(clock.latestMs, clock.nowMs);
      await store.sweep({ nowMs: now(), upSinceMs: 0, limit: 1000 });
      await store.endCommands(now(), 1000);
    },
    /** Somebody sets the clock. */
    setClock(byMs: number) {
      clock.nowMs += byMs;
      clock.latestMs = Math.max(clock.latestMs, clock.nowMs);
    },
    async createRollout(id: string, settings: RolloutSettings = {}) {
      const { selector = '', waves = [{ gate: 'auto', soakMs: 0 }], isDynamic = false, window, scope } = settings;
      const rollout: Rollout = {
        id,
        revision: 0,
        name: id,
        command: { kind: 'update', commit: NEW_COMMIT, appId: 7 },
        selector,
        createdAtMs: now(),
        createdBy: 'operator:ada',
        role: 'operate',
        ...(scope && { scope }),
        waves,
        limits: { ...limits, ...settings.limits },
        ...(window && { window }),
        isDynamic,
        needsApproval: false,
        state: 'draft',
        waveIndex: 0,
        counts: waves.map(() => noMembers),
      };
      const nothing = { members: [], offered: [], withdrawn: [], cancelled: [], events: [] };
      await store
        .as({ actor: 'operator:ada', nowMs: now() })
        .changeRollout({ ...nothing, rollout, isUnsettled: false });
      return rollout;
    },
    /** With `changesMax`, the process that starts it dies before it keeps more. */
    async start(rolloutId: string, changesMax = Infinity) {
      let count = 0;
      const fleet = {
        as(caller: Parameters<typeof store.as>[0]) {
          const own = store.as(caller);
          const changeRollout: RolloutStore['changeRollout'] = (change) => {
            count += 1;
            return count > changesMax ? Promise.reject(new Error('died')) : own.changeRollout(change);
          };
          return { ...own, changeRollout };
        },
      };
      return startRollout(fleet, rolloutId, { now, actor: 'operator:ada' }).catch(() => undefined);
    },
    findRollout: (rolloutId: string) => store.as({ actor: 'system', nowMs: now() }).findRollout(rolloutId),
    async alter(rolloutId: string, alter: Alteration, alsoRead?: StepOptions['alsoRead']) {
      return step(rolloutId, { alter, alsoRead });
    },
    async runPass(index: number) {
      await serverAt(index).pass();
    },
    /** A server reads, plans, and is then held up before it keeps the plan. */
    async park(index: number, rolloutId: string) {
      const server = serverAt(index);
      if (server.parked) return;
      const own = store.as({ actor: 'system', nowMs: now() });
      const reached = createLatch();
      const released = createLatch();
      const changeRollout: RolloutStore['changeRollout'] = async (change) => {
        reached.open();
        await released.opened;
        return own.changeRollout(change);
      };
      const done = stepBy(planner, { ...own, changeRollout }, rolloutId, { nowMs: now() }).finally(reached.open);
      await reached.opened;
      server.parked = { goOn: released.open, done };
    },
    async goOn(index: number) {
      const server = serverAt(index);
      server.parked?.goOn();
      await server.parked?.done;
      server.parked = undefined;
    },
    /** A server dies with what it has planned, and another process takes its place. */
    crash(index: number) {
      servers[index % servers.length] = createServer();
    },
  };
  for (const site of siteOf) await world.addDevice(site);
  return world;
}

/** Every other device says so when a command waits for a lock. */
function runningCommandOf({ executing, due, nodeId }: Device): RunningCommand | undefined {
  if (executing) return { id: executing.id, phase: 'installing' };
  const [waiting] = due;
  return waiting && Number(nodeId.at(-1)) % 2 === 1 ? { id: waiting.id, phase: 'waiting-for-lock' } : undefined;
}

function statusOf(nodeId: string, commit: string) {
  return deviceStatus({ hostname: nodeId, commit });
}

function resultOf(ending: Ending, command: CommandRecord): Omit<CommandResult, 'id'> {
  const failure = { error: { code: 'update-failed', message: 'it failed' } };
  switch (ending) {
    case 'succeed':
      return { outcome: 'succeeded', ...(command.commit !== undefined && { details: { commit: command.commit } }) };
    case 'other-commit':
      return { outcome: 'succeeded', details: { commit: 'fffffff' } };
    case 'refuse':
      return { outcome: 'refused', error: { code: 'busy', message: 'not now' } };
    case 'other-release':
      return { outcome: 'refused', error: { code: 'other-release', message: 'another one' } };
    case 'interrupt':
      return { outcome: 'interrupted', ...failure };
    case 'strange':
      return { outcome: 'pondered', ...failure };
    default:
      return { outcome: 'failed', ...failure };
  }
}
