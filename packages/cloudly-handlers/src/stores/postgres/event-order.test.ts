import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { type CloudlyProcess, startCloudlyProcess } from '../../../test/fixtures/cloudly-process.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { usePostgres } from '../../../test/fixtures/use-postgres.js';
import { addWorkToken } from '../../../test/fixtures/acknowledged-work.js';
import { type EventWork, startEventWork, toldBy } from '../../../test/fixtures/event-work.js';
import { followEvents, readAllEvents } from '../../../test/fixtures/event-reader.js';
import { openPostgresStore } from '../../postgres.js';
import { NOW_MS } from '../suite/fixtures.js';

const ROUNDS = howMany(1, 25);

/** What a process has acknowledged until the next thing happens to it. */
const ENOUGH = 100;

describe.skipIf(isSkipped)(
  `events that several processes write to one PostgreSQL${unlessInstalled}`,
  { timeout: TIMEOUT_MS * ROUNDS },
  () => {
    // What is not written when it is acknowledged, a crash of the server loses.
    const server = usePostgres({ wal_writer_delay: '10s' });
    const processes = new Set<CloudlyProcess>();
    const start = (): CloudlyProcess => {
      const started = startCloudlyProcess(server.url());
      processes.add(started);
      return started;
    };
    afterAll(async () => {
      await Promise.all([...processes].map((each) => each.kill()));
    });

    let schemaCount = 0;
    const newSchema = (): string => `fleet_${(schemaCount += 1)}`;
    const caller = { actor: 'system', nowMs: NOW_MS } as const;

    const openStore = async (schema: string) => {
      const store = await openPostgresStore(server.url(), { schema });
      onTestFinished(() => store.close());
      return store;
    };

    test('are in one order without gaps for every reader, and none that was acknowledged is lost, whoever is killed', async () => {
      const schema = newSchema();
      const store = await openStore(schema);
      await addWorkToken(store);
      const readers = [followEvents(store.as(caller), 3), followEvents((await openStore(schema)).as(caller), 1000)];
      onTestFinished(() => readers.forEach((reader) => reader.stop()));
      const acknowledged: string[] = [];
      const work = (): EventWork => startEventWork(one, schema, `work-${(workCount += 1)}`, ENOUGH);
      let workCount = 0;
      let one = start();
      let killed = work();
      await killed.underWay;

      for (let round = 0; round < ROUNDS; round += 1) {
        const before = one;
        one = start();
        const others = work();
        await others.underWay;
        await before.kill();
        acknowledged.push(...(await killed.ended));
        await others.underWay;
        await server.crash();
        acknowledged.push(...(await others.ended));
        await server.start();
        killed = work();
        await killed.underWay;
      }
      await one.kill();
      acknowledged.push(...(await killed.ended));

      // What those who were killed have left is moved by who reads.
      const all = await readAllEvents(store.as(caller));
      expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => index + 1));
      const isTold = new Set(all.map(toldBy));
      expect(isTold.size).toBe(all.length);
      expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * 2 * ENOUGH);
      expect(acknowledged.filter((what) => !isTold.has(what))).toEqual([]);
      for (const reader of readers) expect(await reader.untilPosition(all.length)).toEqual(all);
    });
  },
);
