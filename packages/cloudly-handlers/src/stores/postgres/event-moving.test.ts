import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { shareResource } from '../../../../../test/shared-resources/shared-resource.js';
import { isSkipped, TIMEOUT_MS, unlessInstalled } from '../../../test/fixtures/postgres-server.js';
import { openPostgresStore } from '../../postgres.js';
import { NOW_MS } from '../suite/fixtures.js';
import { createEventNews, NEWS } from './event-news.js';

const caller = { actor: 'operator:ada', nowMs: NOW_MS } as const;

function view(id: string) {
  return { id, revision: 1, name: id, selector: '', createdBy: 'operator:ada', createdAtMs: NOW_MS } as const;
}

describe.skipIf(isSkipped)(`the moving of events${unlessInstalled}`, { timeout: TIMEOUT_MS }, () => {
  let url: string;
  let admin: pg.Client;
  beforeAll(async () => {
    url = await shareResource('postgres');
    admin = new pg.Client(url);
    await admin.connect();
  }, TIMEOUT_MS);
  afterAll(() => admin?.end());

  const openStore = async () => {
    const schema = `s${crypto.randomUUID().replaceAll('-', '')}`;
    const store = await openPostgresStore(url, { schema });
    onTestFinished(() => store.close());
    return { schema, store };
  };

  /** As a process leaves them that dies once they are written. */
  const leaveEvents = (schema: string, count: number) =>
    admin.query(
      `INSERT INTO ${schema}.event_new (at_ms, actor, kind, is_audit, details)
       SELECT number, 'system', 'bulk-stopped', true, '{"jobId":"' || number || '"}' FROM generate_series(1, $1) AS number`,
      [count],
    );

  test('of what a process has left behind is done by whoever reads, sweeps or writes', async () => {
    const { schema, store } = await openStore();
    const isMoved = async () => (await admin.query(`SELECT FROM ${schema}.event_new`)).rowCount === 0;
    await leaveEvents(schema, 1);
    expect(await store.as(caller).listEvents({ limit: 10 })).toHaveLength(1);
    await leaveEvents(schema, 1);
    await store.sweep({ nowMs: NOW_MS, upSinceMs: 0, limit: 1 });
    expect(await isMoved()).toBe(true);
    await leaveEvents(schema, 1);
    await store.as(caller).saveView(view('a'));
    await expect.poll(isMoved).toBe(true);
    const kinds = (await store.as(caller).listEvents({ after: 2, limit: 10 })).map(({ kind }) => kind);
    expect(kinds).toEqual(['bulk-stopped', 'view-saved']);
  });

  test('takes as many turns as it needs, in the order of writing', async () => {
    const { schema, store } = await openStore();
    await leaveEvents(schema, 2500);
    const events = await store.as(caller).listEvents({ after: 0, limit: 3000 });
    const numbers = Array.from({ length: 2500 }, (_, index) => index + 1);
    expect(events.map(({ position }) => position)).toEqual(numbers);
    expect(events.map(({ atMs }) => atMs)).toEqual(numbers);
  });

  test('is done before a store closes', async () => {
    const { schema, store } = await openStore();
    await store.as(caller).saveView(view('a'));
    await store.close();
    expect((await admin.query(`SELECT kind FROM ${schema}.event`)).rows).toEqual([{ kind: 'view-saved' }]);
  });

  test('is told to every process, and is no ring', async () => {
    const { schema, store } = await openStore();
    const other = await openPostgresStore(url, { schema });
    onTestFinished(() => other.close());
    const rings: (string | undefined)[] = [];
    const end = other.doorbell?.listen((nodeId) => void rings.push(nodeId));
    // The connection stands.
    await expect.poll(() => rings).toEqual([undefined]);
    await admin.query(`LISTEN ${schema}`);
    const messages: (string | undefined)[] = [];
    const hear = ({ channel, payload }: pg.Notification) => channel === schema && messages.push(payload);
    admin.on('notification', hear);
    await store.as(caller).saveView(view('a'));
    await expect.poll(() => messages).toEqual([NEWS]);
    await store.doorbell?.ring('n');
    await expect.poll(() => rings).toEqual([undefined, 'n']);
    admin.off('notification', hear);
    end?.();
  });
});

test('news are told by messages, after a lost connection, and now and then without any', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const ears = new Set<(message?: string) => void>();
  const listen = (onMessage: (message?: string) => void) => {
    ears.add(onMessage);
    return () => void ears.delete(onMessage);
  };
  const news = createEventNews({ listen });
  let count = 0;
  const end = news.onNews(() => (count += 1));
  for (const message of [NEWS, undefined, 'a node']) for (const ear of ears) ear(message);
  expect(count).toBe(2);
  vi.advanceTimersByTime(60_000);
  expect(count).toBeGreaterThan(2);
  end();
  const { size } = ears;
  const before = count;
  vi.advanceTimersByTime(60_000);
  expect([size, count]).toEqual([0, before]);
});
