import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSupervisor } from '@serve.zone/balena-supervisor-emulator';
import { expect, onTestFinished, test } from 'vitest';
import { gatherDocuments } from './gather-documents.js';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'baserunner-documents-'));
  mkdirSync(join(folder, 'state'), { mode: 0o700 });
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('all documents of an archive come from one look: the Supervisor is asked once for each answer', async () => {
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
