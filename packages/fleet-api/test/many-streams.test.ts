import { createServer } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Caller,
  createFleet,
  type Fleet,
  type FleetEvent,
  type FleetStore,
} from '@serve.zone/baseos-cloudly-handlers';
import { ada, berlinAdmin, boss, vic } from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-callers';
import {
  addNode,
  heartbeatReport,
  nodeRecord,
  NOW_MS,
  runtimeStatus,
} from '@serve.zone/baseos-cloudly-handlers/fixtures/fleet-records';
import { stores } from '@serve.zone/baseos-cloudly-handlers/fixtures/stores';
import { nodeListener } from '@serve.zone/baseos-cloudly-handlers/node';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { between, seededRandom } from '@serve.zone/baseos-testing/chance/seeded-random';
import { listenOnLoopback } from '@serve.zone/baseos-testing/network/listen-on-loopback';
import { expect, onTestFinished, test } from 'vitest';
import { createFleetClient } from '../src/index.js';
import { serveFleet } from './fixtures/remote-fleet.js';

const STREAMS = 200;
const STREAMS_PER_CALLER = 10;
const EVENTS = howMany(50, 800);
const CUT_AT_A_TIME = 8;
const CUT_EVERY_MS = 50;

/** As many callers as have all the streams, of each kind. */
const callers = Array.from({ length: STREAMS / STREAMS_PER_CALLER }, (_, index): Caller => {
  const kind = [boss, ada, berlinAdmin, vic][index % 4] ?? boss;
  return { ...kind, actor: `operator:${index}` };
});

/** A server, the sockets of which a test can cut. */
async function serve(fleet: Fleet, options: Parameters<typeof serveFleet>[1]) {
  const served = serveFleet(fleet, options);
  const { port, sockets, close } = await listenOnLoopback(createServer(nodeListener(served.api.fetch)));
  onTestFinished(async () => {
    await served.api.drain();
    await close();
  });
  return { ...served, url: `http://127.0.0.1:${port}`, sockets };
}

/** Nobody waits long before the next try. */
function hasty(durationMs: number, onEnd: () => void): () => void {
  const timer = setTimeout(onEnd, durationMs > 20_000 ? durationMs : durationMs / 50);
  return () => clearTimeout(timer);
}

/** Writes events of all kinds of visibility; the last one is for everybody. */
async function writeEvents(store: FleetStore, fleet: Fleet): Promise<void> {
  const sequences = { berlin: 1, bonn: 1 };
  const heard = (nodeId: 'berlin' | 'bonn', version: string) => {
    const status = { ...runtimeStatus(nodeId), agent: { name: 'baserunner', version } };
    return store.saveReport(nodeId, heartbeatReport((sequences[nodeId] += 1), { status }));
  };
  await heard('berlin', '1.0.0');
  await heard('bonn', '1.0.0');
  for (let count = 0; count < EVENTS; count += 1) {
    const nodeId = count % 3 === 0 ? 'bonn' : 'berlin';
    if (count % 2) await heard(nodeId, `1.1.${count}`);
    else await fleet.rename(boss, nodeId, `Gate ${count}`);
    if (count % 10 === 0) await fleet.createJoinToken(boss);
    await nextTurn();
  }
  await heard('berlin', LAST_VERSION);
}

function isLast({ kind, details }: FleetEvent): boolean {
  return kind === 'agent-changed' && details.to === LAST_VERSION;
}

const LAST_VERSION = '9.9.9';

test.for(stores.filter(({ name }) => name !== 'memory'))(
  '200 streams over sockets that are cut lose no event and get none twice, on $name',
  { timeout: 180_000 },
  async ({ openStore }) => {
    const store = await openStore();
    const fleet = createFleet({ store, now: () => NOW_MS });
    for (const site of ['berlin', 'bonn']) {
      await addNode(store, nodeRecord(site));
      await fleet.label(boss, site, { site });
    }
    const { api, url, sockets, tokenOf, errors } = await serve(fleet, {
      onNews: (onNews) => store.onNews(onNews),
      now: () => NOW_MS,
    });
    const random = seededRandom(7);
    const [newest] = await fleet.listEvents(boss, { limit: 1 });
    const start = newest?.position ?? 0;
    const after = `${await fleet.eventsEpoch(boss)}-${start}`;
    let connections = 0;

    /** Resolves with the positions of what was read, once it was the last. */
    const follow = async (caller: Caller): Promise<number[]> => {
      const client = createFleetClient({
        url,
        token: tokenOf(caller),
        startTimer: hasty,
        random,
        fetch(target, init) {
          connections += 1;
          return fetch(target, init);
        },
      });
      const read: FleetEvent[] = [];
      const ending = new AbortController();
      for await (const { events, reset } of client.followEvents({ after, signal: ending.signal })) {
        if (reset) throw new Error(`reset: ${reset}`);
        read.push(...events);
        if (events.some(isLast)) ending.abort();
      }
      return read.map(({ position }) => position);
    };
    const following = callers.map((caller) =>
      Promise.all(Array.from({ length: STREAMS_PER_CALLER }, () => follow(caller))),
    );
    await expect.poll(api.countStreams, { timeout: 60_000 }).toBe(STREAMS);

    const cutting = setInterval(() => {
      const open = [...sockets];
      for (let count = 0; count < CUT_AT_A_TIME; count += 1) open[between(random, 0, open.length - 1)]?.destroy();
    }, CUT_EVERY_MS);
    onTestFinished(() => clearInterval(cutting));
    await writeEvents(store, fleet);
    clearInterval(cutting);

    for (const [index, caller] of callers.entries()) {
      const expected = await fleet.listEvents(caller, { after: start, limit: 1000 });
      const positions = expected.map(({ position }) => position);
      for (const read of (await following[index]) ?? []) expect(read).toEqual(positions);
    }
    expect([errors, connections > STREAMS + CUT_AT_A_TIME]).toEqual([[], true]);
  },
);
