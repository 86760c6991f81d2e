import { composeToken } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { copyPath, openOn, statePath } from '../../test/power-cut-proof.js';
import { registrationAt } from '../identity/registration.js';
import { Secret } from '../values/secret.js';
import { describeIdentity } from './describe-identity.js';
import type { Enrolment } from '../identity/identity.js';

const cloudly = 'https://cloudly.example';
const environment = { BASEOS_CLOUDLY_URL: cloudly, BASEOS_STATE_PATH: statePath, BALENA_DEVICE_UUID: 'device-1' };
const { token: ownToken } = composeToken('node', {
  id: new Uint8Array(8).fill(255),
  secret: new Uint8Array(32).fill(7),
});

async function enrolledDisk(enrolment: Partial<Enrolment> = {}) {
  const fileSystem = new MemoryFileSystem();
  const store = await openOn(fileSystem, environment);
  await store.update((identity) => ({
    ...identity,
    enrolment: {
      origin: cloudly,
      cloudlyId: 'c1',
      legacy: false,
      nodeToken: new Secret(ownToken),
      enrolledAt: '2026-11-23T12:00:00.000Z',
      previousNodeToken: new Secret('of-another-form'),
      ...enrolment,
    },
  }));
  return { fileSystem, identity: store.current };
}

describe('describeIdentity', () => {
  test('reports who the node is, since when, and its tokens, without a secret and without a write', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(`${statePath}.replaced-1`, '{}');
    const changes = fileSystem.changes.length;
    const described = await describeIdentity(environment, { fileSystem });
    const { approvalCode } = await registrationAt(identity, new URL(cloudly));
    expect(described).toEqual({
      source: 'state-file',
      nodeId: identity.nodeId,
      deviceUuid: 'device-1',
      previousNodeId: undefined,
      format: 1,
      approvalCode,
      enrolment: {
        origin: cloudly,
        cloudlyId: 'c1',
        legacy: false,
        enrolledAt: '2026-11-23T12:00:00.000Z',
        nodeToken: 'bnt_LygHa16AHYF',
        previousNodeToken: expect.stringMatching(/^sha256:[\da-f]{8}$/),
        dormancy: undefined,
      },
      otherEnrolments: [],
      files: [
        { path: statePath, kind: 'state-file', condition: 'usable' },
        { path: copyPath, kind: 'last-good-copy', condition: 'usable' },
        { path: `${statePath}.replaced-1`, kind: 'remnant', condition: 'kept' },
      ],
      notices: [],
    });
    expect(fileSystem.changes).toHaveLength(changes);
    const text = JSON.stringify(described);
    for (const secret of ['ssss', 'of-another-form', identity.nodeSecret.reveal()]) expect(text).not.toContain(secret);
  });

  test('reports a legacy node, which has no approval code yet', async () => {
    const fileSystem = new MemoryFileSystem().put(statePath, '{"nodeId":"old-node","nodeToken":"old-token"}');
    const described = await describeIdentity(environment, { fileSystem });
    expect(described).toMatchObject({ source: 'legacy', nodeId: 'old-node', format: 0, approvalCode: undefined });
    expect(described.enrolment?.nodeToken).toMatch(/^sha256:/);
  });

  test('reports the damage that an agent would repair', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    fileSystem.put(statePath, 'torn').forget(copyPath);
    expect(await describeIdentity(environment, { fileSystem })).toMatchObject({
      source: 'none',
      files: [{ condition: 'damaged' }, { condition: 'absent' }],
      notices: [{ level: 'error', message: expect.stringContaining('lost') }],
    });
    fileSystem.put(copyPath, JSON.stringify({ nodeId: identity.nodeId }));
    expect((await describeIdentity(environment, { fileSystem })).files[1]).toMatchObject({ condition: 'legacy' });
  });

  test('keeps the time of the first token through a rotation, but not through a change of Cloudly', async () => {
    const { fileSystem, identity } = await enrolledDisk();
    const store = await openOn(fileSystem, environment);
    await store.update(({ enrolment, ...rest }) => ({
      ...rest,
      enrolment: enrolment && { ...enrolment, nodeToken: new Secret('next') },
    }));
    expect(store.current.enrolment?.enrolledAt).toBe(identity.enrolment?.enrolledAt);
    await store.close();
    const elsewhere = await openOn(fileSystem, { ...environment, BASEOS_CLOUDLY_URL: 'https://elsewhere.example' });
    expect(elsewhere.current.enrolment).toBeUndefined();
    expect(elsewhere.current.otherEnrolments).toMatchObject([{ enrolledAt: identity.enrolment?.enrolledAt }]);
  });
});
