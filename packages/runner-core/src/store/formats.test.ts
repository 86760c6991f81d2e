import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { copyPath, openOn, revealed, statePath } from '../../test/power-cut-proof.js';
import { Secret } from '../values/secret.js';

// State files as each version wrote or will write them, made by hand: never by the code that reads them here.
const folder = join(import.meta.dirname, '../../test/fixtures/state');

function fixture(name: string): string {
  return readFileSync(join(folder, `${name}.json`), 'utf8');
}

function membersOf(text: string | undefined): Record<string, unknown> {
  return JSON.parse(text ?? '{}');
}

const nodeId = '8f14e45f-ceea-467f-a9e2-7b1d6c0f3a55';
const nodeSecret = 'c2VjcmV0LW9mLWEtZml4dHVyZS1ub3QtYS1yZWFsLW8';
const nodeToken = `bnt_Fixture00A1_${'f'.repeat(49)}`;
const cloudly = 'https://cloudly.example';
const enrolment = { origin: cloudly, cloudlyId: 'c1', legacy: false, nodeToken };
const digest = '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU';
const other = { origin: 'https://other.example', legacy: false, nodeToken: 'token-of-another-cloudly' };

/** What an agent of this version is by each file. The secret that it gives to a legacy node is made by chance. */
const identities: Record<string, object> = {
  legacy: {
    nodeId: 'kitchen-pi',
    enrolment: { origin: cloudly, legacy: true, nodeToken: 'token-of-the-first-agent' },
  },
  'legacy-without-token': { nodeId: 'kitchen-pi' },
  'legacy-with-more': {
    nodeId: 'kitchen-pi',
    enrolment: { origin: cloudly, legacy: true, nodeToken: 'token-of-the-first-agent' },
  },
  'format-1-new': { nodeId, nodeSecret },
  'format-1-enrolled': { nodeId, nodeSecret, deviceUuid: 'device-1', enrolment },
  'format-1-rotating': {
    nodeId,
    nodeSecret,
    deviceUuid: 'device-1',
    enrolment: {
      ...enrolment,
      enrolledAt: '2026-11-23T12:00:00.000Z',
      previousNodeToken: `bnt_Fixture00A0_${'e'.repeat(49)}`,
      environmentTokenDigest: digest,
    },
  },
  'format-1-dormant': {
    nodeId,
    nodeSecret,
    deviceUuid: 'device-1',
    enrolment: {
      ...enrolment,
      dormancy: {
        since: '2026-11-20T08:00:00.000Z',
        verdictOn: 'heartbeat',
        joinTokenDigest: digest,
        cloudlyUrl: `${cloudly}/`,
      },
    },
  },
  'format-1-moved': {
    nodeId,
    nodeSecret,
    deviceUuid: 'device-1',
    previousNodeId: 'kitchen-pi',
    enrolment: { ...enrolment, registrationOrigin: 'https://cloudly-before.example' },
    otherEnrolments: [
      { ...other, cloudlyId: 'c2' },
      {
        origin: 'https://third.example',
        legacy: true,
        environmentTokenDigest: digest,
        environmentTokenIsForeign: true,
      },
    ],
  },
  'format-2-with-more': {
    nodeId,
    nodeSecret,
    deviceUuid: 'device-1',
    enrolment: {
      ...enrolment,
      dormancy: {
        since: '2026-11-20T08:00:00.000Z',
        verdictOn: 'heartbeat',
        cloudlyUrl: `${cloudly}/`,
        reason: 'theft',
      },
    },
    otherEnrolments: [{ ...other, unknownMembers: { certificate: 'of-the-other' } }],
  },
};

const names = Object.keys(identities);

async function openFixture(name: string) {
  const disk = new MemoryFileSystem().put(statePath, fixture(name));
  return { disk, store: await openOn(disk) };
}

describe('a state file', () => {
  test.each(names)('%s gives the identity that its version stored', async (name) => {
    const { store } = await openFixture(name);
    expect(store.durable).toBe(true);
    const { nodeSecret: secret, ...rest } = revealed(store.current) as Record<string, unknown>;
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect({ nodeSecret: secret, ...rest }).toEqual({ nodeSecret: secret, ...identities[name] });
  });

  test.each(names)('%s keeps every member when the identity is stored again', async (name) => {
    const { disk, store } = await openFixture(name);
    await store.update(({ enrolment: before, ...rest }) => ({
      ...rest,
      enrolment: { origin: cloudly, legacy: false, ...before, nodeToken: new Secret('another') },
    }));
    const { checksum: _, nodeToken: __, ...members } = membersOf(fixture(name));
    expect(membersOf(disk.text(statePath))).toMatchObject({ ...members, nodeToken: 'another' });
    expect(disk.text(copyPath)).toBe(disk.text(statePath));
  });

  test.each(names.filter((name) => name.startsWith('legacy')))('%s is migrated once and for good', async (name) => {
    const { disk, store } = await openFixture(name);
    expect(store.source).toBe('legacy');
    expect(membersOf(disk.text(statePath))).toMatchObject({ format: 1, nodeId: 'kitchen-pi' });
    const again = await openOn(disk);
    expect(again.source).toBe('state-file');
    expect(revealed(again.current)).toEqual(revealed(store.current));
  });

  test.each(names.filter((name) => !name.startsWith('legacy')))('%s is not rewritten by a start', async (name) => {
    const disk = new MemoryFileSystem().put(statePath, fixture(name)).put(copyPath, fixture(name));
    expect((await openOn(disk)).durable).toBe(true);
    expect(disk.changes).toEqual([]);
  });

  test('that is legacy, with members of our names but another meaning, is migrated without them and read again', async () => {
    const { disk, store } = await openFixture('legacy-with-odd-members');
    expect(store.durable).toBe(true);
    const again = await openOn(disk);
    expect(revealed(again.current)).toEqual(revealed(store.current));
    expect(again.current.nodeId).toBe('kitchen-pi');
  });

  test('of a newer format keeps its details of an enrolment, even when it comes into force', async () => {
    const { disk } = await openFixture('format-2-with-more');
    const store = await openOn(disk, { BASEOS_CLOUDLY_URL: other.origin });
    expect(store.current.enrolment?.nodeToken?.reveal()).toBe(other.nodeToken);
    expect(membersOf(disk.text(statePath))).toMatchObject({
      format: 2,
      certificate: 'of-the-other',
      zone: { name: 'Küche', rank: [3, 1, 2] },
      otherEnrolments: [{ cloudlyOrigin: cloudly, dormancy: { reason: 'theft' } }],
    });
  });

  test('of a newer format with moved members is not touched, and not mistaken for another node', async () => {
    const { disk, store } = await openFixture('format-9-unreadable');
    expect(store).toMatchObject({ source: 'unreadable', durable: false });
    expect((await store.update((identity) => identity)).ok).toBe(false);
    expect(disk.changes).toEqual([]);
  });
});

test('every fixture is compared with what it represents', () => {
  const files = readdirSync(folder).map((name) => name.replace(/\.json$/, ''));
  expect(files.toSorted()).toEqual([...names, 'legacy-with-odd-members', 'format-9-unreadable'].toSorted());
});
