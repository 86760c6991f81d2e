import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { expect, test } from 'vitest';
import { collect } from '../../test/collect.js';
import { SupervisorClient } from '../index.js';
import { journalLogs } from './journal-logs.js';
import { localLogs } from './local-logs.js';

test('a reader of the journal survives a restart of the Supervisor, and neither misses nor duplicates a line', async () => {
  const device = createSupervisor({ restartDurationMs: 100 });
  const { address, close } = await device.listen();
  const supervisor = new SupervisorClient({ address, apiKey: device.apiKey });
  const outages: number[] = [];
  const reconnect = {
    firstWaitMs: 20,
    longestWaitMs: 50,
    onReconnect: ({ outageMs }: { outageMs: number }) => outages.push(outageMs),
  };
  const seen: string[] = [];
  device.log({ message: 'line 0' });
  for await (const { message } of journalLogs(supervisor, { format: 'json', follow: true, reconnect })) {
    const line = /^line (\d+)$/.exec(message)?.[1];
    if (line === undefined) continue;
    seen.push(message);
    if (line === '9') break;
    if (line === '3' || line === '6') device.restartSupervisor();
    device.log({ message: `line ${Number(line) + 1}` });
  }
  expect(seen).toEqual(Array.from({ length: 10 }, (_, index) => `line ${index}`));
  expect(outages).toHaveLength(2);
  await close();
});

test('the journal is returned as lines and as entries', async () => {
  const device = createSupervisor();
  const { address, close } = await device.listen();
  const supervisor = new SupervisorClient({ address, apiKey: device.apiKey });
  device.log({ message: 'one\ntwo' });
  expect(await collect(journalLogs(supervisor, { format: 'cat', count: 2 }))).toEqual(['one', 'two']);
  expect(await collect(journalLogs(supervisor, { format: 'json', count: 1 }))).toMatchObject([
    { message: 'two', priority: 6, unit: 'balena.service', containerName: expect.stringMatching(/^main_/) },
  ]);
  expect(await collect(journalLogs(supervisor, { format: 'json', unit: 'none.service' }))).toEqual([]);
  await close();
});

test('the local log of an unmanaged device is returned as it is written', async () => {
  const device = createSupervisor({ unmanaged: true, apps: [{ appId: 1, services: ['main'] }] });
  const { address, close } = await device.listen();
  const logs = localLogs(new SupervisorClient({ address, withoutKey: true }));
  // The stream contains only entries since it was opened, and the device does not say when that was.
  const writing = setInterval(() => device.log({ message: 'tick' }), 5);
  const { value } = await logs.next();
  clearInterval(writing);
  expect(value).toMatchObject({ message: 'tick', serviceName: 'main', isSystem: false, isStandardError: false });
  await logs.return();
  await close();
});
