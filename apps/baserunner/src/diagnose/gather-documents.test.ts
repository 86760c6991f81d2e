import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { expect, onTestFinished, test } from 'vitest';
import { type Environment, type FileSystem, parseConfig } from '@serve.zone/baseos-runner-core';
import { nodeFileSystem } from '../../../../packages/runner-core/src/ports/node-file-system.js';
import { gatherDocuments } from './gather-documents.js';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baserunner-documents-'));
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('all documents of an archive come from one observation: the Supervisor is asked once for each answer', async () => {
  const supervisor = createSupervisor();
  const { address, close } = await supervisor.listen();
  onTestFinished(close);
  const folder = makeFolder();
  const documents = await gatherDocuments({
    BASEOS_STATE_PATH: join(folder, 'state', 'state.json'),
    BASEOS_RUN_PATH: join(folder, 'run'),
    BALENA_SUPERVISOR_ADDRESS: address,
    BALENA_SUPERVISOR_API_KEY: supervisor.apiKey,
  });
  expect(supervisor.requests.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
    'GET /ping',
    'GET /v1/device',
    'GET /v2/applications/state',
    'GET /v2/state/status',
    'GET /v2/version',
  ]);
  expect(documents.status?.supervisor).toMatchObject({ state: 'available', version: '19.0.5' });
  expect(documents.supervisor).toMatchObject({ ok: true });
  expect(documents.doctor.checks).toContainEqual(
    expect.objectContaining({ check: 'Supervisor version', verdict: 'pass', facts: { version: '19.0.5' } }),
  );
});

function countingFileSystem(): { fileSystem: FileSystem; reads: string[] } {
  const reads: string[] = [];
  const readFile: FileSystem['readFile'] = async (path) => {
    reads.push(basename(path));
    return nodeFileSystem.readFile(path);
  };
  return { fileSystem: { ...nodeFileSystem, readFile }, reads };
}

function countingEnvironment(values: Environment): { env: Environment; reads: () => number } {
  let reads = 0;
  const get = (target: Environment, name: string): string | undefined => {
    if (name === 'BASEOS_CLOUDLY_URL') reads += 1;
    return target[name];
  };
  return { env: new Proxy(values, { get }), reads: () => reads };
}

test('the state is read once for all documents, and the environment only to parse and to redact it', async () => {
  const folder = makeFolder();
  const statePath = join(folder, 'state', 'state.json');
  writeFileSync(statePath, '{"nodeId":"old-node","nodeToken":"old-token"}', { mode: 0o600 });
  writeFileSync(`${statePath}.last-good`, '{"nodeId":"old-node"}', { mode: 0o600 });
  const values = {
    BASEOS_STATE_PATH: statePath,
    BASEOS_RUN_PATH: join(folder, 'run'),
    BASEOS_CLOUDLY_URL: 'http://127.0.0.1:9',
  };
  const parsing = countingEnvironment(values);
  parseConfig(parsing.env);
  const { env, reads } = countingEnvironment(values);
  const { fileSystem, reads: filesRead } = countingFileSystem();

  const documents = await gatherDocuments(env, { fileSystem });
  const files = ['journal.json', 'journal.json.last-good', 'state.json', 'state.json.last-good'];
  expect(filesRead.toSorted()).toEqual(files);
  expect(reads()).toBe(parsing.reads() + 1);
  expect(documents.status?.cloudly).toMatchObject({ nodeId: 'old-node', state: 'registered' });
  expect(documents.nextRequest).toMatchObject({ call: 'heartbeat' });
  expect(documents.doctor.checks).toContainEqual(
    expect.objectContaining({ check: 'state file', facts: expect.objectContaining({ nodeId: 'old-node' }) as unknown }),
  );
});
