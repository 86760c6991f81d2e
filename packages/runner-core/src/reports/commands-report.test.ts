import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serializeJournal } from '../commands/journal/journal-document.js';
import type { JournalEntry } from '../commands/journal/journal-entry.js';
import { parseConfig } from '../config/parse-config.js';
import { openIdentity } from '../store/open-identity.js';
import { reportCommands } from './report-commands.js';

let directory: string;
let environment: Record<string, string>;
let nodeId: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'baseos-commands-report-'));
  environment = {
    BASEOS_CLOUDLY_URL: 'https://cloudly.example/base',
    BASEOS_STATE_PATH: join(directory, 'state.json'),
    BASEOS_RUN_PATH: join(directory, 'run'),
  };
  const parsed = parseConfig(environment);
  if (!parsed.ok) throw new Error('unreachable');
  const store = await openIdentity({ config: parsed.config });
  nodeId = store.current.nodeId;
  await store.close();
});
afterEach(async () => rm(directory, { recursive: true }));

function id(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

const takenAt = '2026-11-30T08:00:00.000Z';
const endedAt = '2026-11-30T08:00:09.000Z';

const entries: JournalEntry[] = [
  { state: 'told', id: id(1), kind: 'blink', outcome: 'succeeded', takenAt, endedAt },
  { state: 'told', id: id(2), kind: 'reboot', outcome: 'failed', errorCode: 'locked', refused: true },
  {
    state: 'ended',
    id: id(3),
    kind: 'restart-service',
    service: 'main',
    takenAt,
    endedAt,
    result: { id: id(3), outcome: 'refused', error: { code: 'not-accepted', message: 'Not here.' } },
  },
  {
    state: 'asked',
    id: id(4),
    takenAt,
    command: { id: id(4), kind: 'update', commit: 'c0ffee', force: true },
    notes: { containers: {} },
    time: { spentMs: 5 },
  },
  { state: 'taken', id: id(5), takenAt, command: { id: id(5), kind: 'stop-service', service: 'main' } },
];

async function place(owner: Partial<{ nodeId: string; origin: string }> = {}): Promise<void> {
  const bytes = serializeJournal({ nodeId, origin: 'https://cloudly.example', entries, ...owner });
  await writeFile(join(directory, 'journal.json'), bytes, { mode: 0o600 });
}

async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isFile());
  return Object.fromEntries(
    await Promise.all(names.map(async ({ name }) => [name, await readFile(join(directory, name), 'utf8')] as const)),
  );
}

describe('a report on commands', () => {
  test('tells what became of each, and changes nothing', async () => {
    await place();
    const before = await contents();
    const report = await reportCommands(environment);
    expect(report).toMatchObject({ running: false, notices: [], problem: undefined });
    expect(report.accepted.kinds).toContain('update');
    expect(report.commands).toMatchObject([
      { id: id(1), kind: 'blink', state: 'ended', outcome: 'succeeded', result: 'taken', takenAt, endedAt },
      { id: id(2), kind: 'reboot', state: 'ended', outcome: 'failed', errorCode: 'locked', result: 'refused' },
      {
        kind: 'restart-service',
        service: 'main',
        outcome: 'refused',
        errorCode: 'not-accepted',
        message: 'Not here.',
        result: 'not-taken',
      },
      { id: id(4), kind: 'update', state: 'running', commit: 'c0ffee', force: true },
      { id: id(5), kind: 'stop-service', service: 'main', state: 'waiting' },
    ]);
    expect(await contents()).toEqual(before);
  });

  test('adds what the running agent says of those without an outcome', async () => {
    await place();
    const running = [{ id: id(4), kind: 'update', phase: 'downloading', progressPercent: 40, sinceMs: 7 }];
    const problem = { message: 'The disk is full.', remedy: 'Free some space.' };
    await publish({ accepted: [], running, problem });
    const report = await reportCommands(environment);
    expect(report).toMatchObject({ running: true, problem });
    expect(report.commands[3]).toMatchObject({ id: id(4), phase: 'downloading', progressPercent: 40, sinceMs: 7 });
    expect(report.commands[4]).toMatchObject({ id: id(5), phase: undefined });
  });

  test('of an agent of an earlier version, which publishes nothing of commands', async () => {
    await place();
    await publish(undefined);
    expect(await reportCommands(environment)).toMatchObject({ running: true, problem: undefined });
  });

  test('shows none of another node or of another Cloudly', async () => {
    await place({ nodeId: 'another' });
    expect((await reportCommands(environment)).commands).toEqual([]);
    await place({ origin: 'https://another.example' });
    expect((await reportCommands(environment)).commands).toEqual([]);
  });

  test('says that a damaged record is lost', async () => {
    await writeFile(join(directory, 'journal.json'), '{"entries":[', { mode: 0o600 });
    expect(await reportCommands(environment)).toMatchObject({ commands: [], notices: [{ code: 'journal-lost' }] });
  });
});

/** As an agent that runs in this process. */
async function publish(commands: unknown): Promise<void> {
  const published = {
    format: 1,
    agent: { pid: process.pid, bootId: 'b', version: '1.2.3' },
    writtenAt: new Date().toISOString(),
    writtenAtUptimeSeconds: 0,
    healthyUntilUptimeSeconds: Number.MAX_SAFE_INTEGER,
    status: {
      runtime: {},
      supervisor: { state: 'available' },
      cloudly: { state: 'registered' },
      configuration: {},
      commands,
    },
  };
  await mkdir(join(directory, 'run'), { mode: 0o700 });
  await writeFile(join(directory, 'run', 'status.json'), JSON.stringify(published), { mode: 0o600 });
}
