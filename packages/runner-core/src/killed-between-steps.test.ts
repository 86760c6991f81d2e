import { CloudlyConnector, type FetchLike } from '@serve.zone/baseos-cloudly-connector';
import {
  approveNode,
  type HandlerEvent,
  createCloudlyHandlers,
  createJoinToken,
  createMemoryStore,
} from '@serve.zone/baseos-cloudly-handlers';
import { describe, expect, test } from 'vitest';
import { type Disk, MemoryFileSystem } from '../test/memory-file-system.js';
import { disksAfterPowerCut } from '../test/power-cut.js';
import { openOn } from '../test/power-cut-proof.js';
import { simulatedConfig, simulatedMachine } from '../test/simulation.js';
import { VirtualClock } from '../test/virtual-clock.js';
import { BaseRunner } from './base-runner.js';
import { aborted } from './ports/aborted.js';
import type { FileSystem } from './ports/file-system.js';
import { Secret } from './values/secret.js';

const cloudlyUrl = new URL('https://cloudly.example');

/** The handlers that Cloudly is made of, and a join token for one node. */
async function startCloudly({ requiresApproval = false } = {}) {
  const store = createMemoryStore();
  const events: HandlerEvent[] = [];
  let nowMs = Date.now();
  const { fetch } = createCloudlyHandlers({
    store,
    cloudlyId: await store.cloudlyId(),
    // Each heartbeat finds its token old, however fast this machine is.
    rotateNodeTokenAfterMs: 1000,
    now: () => (nowMs += 1000),
    pendingRetryAfterMs: 1000,
    onHandled: (event) => void events.push(event),
  });
  const { joinToken } = await createJoinToken(store, { requiresApproval });
  return { store, events, fetch, joinToken, working: Promise.resolve<unknown>(undefined) };
}

type Cloudly = Awaited<ReturnType<typeof startCloudly>>;

/** Ends a process before its next step. */
interface Life {
  /** Returns if the process may take the step, and never otherwise. */
  step: () => Promise<void>;
  isOver: () => boolean;
  over: Promise<void>;
}

function lifeOf(stepsMax: number): Life {
  let steps = 0;
  const end = new AbortController();
  return {
    step: async () => {
      if (steps === stepsMax) {
        end.abort();
        await new Promise(() => undefined);
      }
      steps += 1;
    },
    isOver: () => end.signal.aborted,
    over: aborted(end.signal),
  };
}

/** A disk that a process changes step by step. */
function stepwise(disk: MemoryFileSystem, { step }: Life): FileSystem {
  return {
    readFile: async (path) => disk.readFile(path),
    readDirectory: async (path) => disk.readDirectory(path),
    status: async (path) => disk.status(path),
    readLink: async (path) => disk.readLink(path),
    volume: async () => disk.volume(),
    checkWritable: async (directory) => disk.checkWritable(directory),
    makePrivate: async (path) => step().then(async () => disk.makePrivate(path)),
    makeDirectory: async (path, mode) => step().then(async () => disk.makeDirectory(path, mode)),
    createFile: async (path, mode) => {
      await step();
      const file = await disk.createFile(path, mode);
      return {
        write: async (bytes) => step().then(async () => file.write(bytes)),
        sync: async () => step().then(async () => file.sync()),
        close: async () => file.close(),
      };
    },
    rename: async (from, to) => step().then(async () => disk.rename(from, to)),
    removeFile: async (path) => step().then(async () => disk.removeFile(path)),
    syncDirectory: async (path) => step().then(async () => disk.syncDirectory(path)),
  };
}

/** Cloudly gets a request in one step, and the process its answer in the next. */
function stepwiseFetch(cloudly: Cloudly, { step }: Life): FetchLike {
  return async (url, { method, headers, body }) => {
    await step();
    const answering = cloudly.fetch(new Request(url, { method, headers, ...(body !== undefined && { body }) }));
    cloudly.working = answering;
    await answering;
    await step();
    return answering;
  };
}

/** Runs an agent until it is dead, or Cloudly has acknowledged two heartbeats; gives its node ID if it got so far. */
async function live(cloudly: Cloudly, disk: MemoryFileSystem, life: Life): Promise<string | undefined> {
  const clock = new VirtualClock();
  const runner = new BaseRunner({
    config: simulatedConfig({
      cloudlyUrl,
      joinToken: new Secret(cloudly.joinToken),
      heartbeatIntervalMs: 1000,
      startSpreadMs: 0,
    }),
    openIdentity: async () => openOn(stepwise(disk, life)),
    connector: new CloudlyConnector({ cloudlyUrl, fetch: stepwiseFetch(cloudly, life) }),
    machine: simulatedMachine(clock),
    clock,
  });
  await Promise.race([runner.start(), life.over]);
  while (!life.isOver()) {
    // No time passes while Cloudly works: it does so in real time.
    await cloudly.working;
    await clock.advance(500);
    const { heartbeatsAcknowledged, nodeId, state } = runner.status().cloudly;
    if (state === 'pending' && nodeId !== undefined) await approveNode(cloudly.store, nodeId);
    if (heartbeatsAcknowledged < 2) continue;
    await Promise.all([runner.stop(), clock.advance(1000)]);
    return nodeId;
  }
  return undefined;
}

/** The possible remains of the disk: all of it after a kill, and less after a power cut. */
function disksLeft({ events }: MemoryFileSystem): Disk[] {
  return [...disksAfterPowerCut(new MemoryFileSystem().disk, events, events.length)]
    .filter(({ isTorn }) => !isTorn)
    .map(({ disk }) => disk);
}

describe.each([{ requiresApproval: false }, { requiresApproval: true }])('a new node (%o)', (options) => {
  test('stays one node at Cloudly when it is killed between any two steps, by kill -9 or by a power cut', async () => {
    let wasKilled = true;
    let afterRegistration = 0;
    for (let stepsMax = 0; wasKilled; stepsMax += 1) {
      for (let index = 0, count = 1; index < count; index += 1) {
        const cloudly = await startCloudly(options);
        const disk = new MemoryFileSystem();
        const killed = lifeOf(stepsMax);
        await live(cloudly, disk, killed);
        wasKilled = killed.isOver();
        const known = (await cloudly.store.listNodes({ limit: 2 })).map(({ node }) => node.nodeId);
        const left = disksLeft(disk);
        count = left.length;
        // The same steps leave the same disks: each run takes the next.
        expect(index).toBeLessThan(count);

        const nodeId = await live(cloudly, new MemoryFileSystem(left[index]), lifeOf(Infinity));
        const nodes = await cloudly.store.listNodes({ limit: 2 });
        const where = `after ${stepsMax} steps, disk ${index}`;
        expect({ where, nodes: nodes.map(({ node }) => node.nodeId) }).toEqual({ where, nodes: [nodeId] });
        expect({ where, others: known.filter((id) => id !== nodeId) }).toEqual({ where, others: [] });
        const refusals = cloudly.events.filter(({ kind }) => kind === 'request-refused');
        expect({ where, refusals }).toEqual({ where, refusals: [] });
        afterRegistration += known.length;
      }
    }
    // Cloudly knew the node in most of them before it was killed.
    expect(afterRegistration).toBeGreaterThan(40);
  }, 120_000);
});
