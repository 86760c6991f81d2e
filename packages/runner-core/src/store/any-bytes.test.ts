import { isDeepStrictEqual } from 'node:util';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryFileSystem } from '../../test/memory-file-system.js';
import { copyPath, openOn, revealed, statePath } from '../../test/power-cut-proof.js';
import { Secret } from '../values/secret.js';
import { describeIdentity } from '../reports/describe-identity.js';
import { readIdentity } from './read-identity.js';

const cloudly = 'https://cloudly.example';
const nodeToken = 'canary-token-that-no-message-may-hold';

async function enrolledDisk() {
  const disk = new MemoryFileSystem();
  const store = await openOn(disk);
  await store.update((identity) => ({
    ...identity,
    enrolment: { origin: cloudly, legacy: false, nodeToken: new Secret(nodeToken) },
  }));
  return { text: disk.text(statePath) ?? '', identity: store.current };
}

const { text: whole, identity } = await enrolledDisk();
const wholeBytes = new TextEncoder().encode(whole);

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Pieces of a real file, cut, repeated, and with bytes changed: what looks most like one and is none. */
const mutilated = fc
  .tuple(
    fc.nat({ max: wholeBytes.length }),
    fc.nat({ max: wholeBytes.length }),
    fc.array(fc.tuple(fc.nat({ max: wholeBytes.length - 1 }), fc.nat({ max: 255 })), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([from, length, changes, isTwice]) => {
    const bytes = wholeBytes.slice(isTwice ? 0 : from, from + length);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return isTwice ? new Uint8Array([...bytes, ...bytes]) : bytes;
  });

/** Members of a state file with any values, and with any checksum. */
const misshapen = fc
  .record(
    {
      format: fc.anything(),
      nodeId: fc.oneof(fc.constant(identity.nodeId), fc.anything()),
      nodeSecret: fc.oneof(fc.constant(identity.nodeSecret.reveal()), fc.anything()),
      nodeToken: fc.oneof(fc.constant(nodeToken), fc.anything()),
      enrolledAt: fc.anything(),
      otherEnrolments: fc.anything(),
      dormancy: fc.anything(),
      checksum: fc.anything(),
    },
    { requiredKeys: [] },
  )
  .map((state) => encoded(JSON.stringify(state, (_key, value: unknown) => (typeof value === 'bigint' ? 0 : value))));

const anyBytes = fc.oneof(
  fc.constant(undefined),
  fc.constant(wholeBytes),
  fc.uint8Array(),
  fc.json({ maxDepth: 3 }).map(encoded),
  mutilated,
  misshapen,
);

function diskWith(state: Uint8Array | undefined, copy: Uint8Array | undefined): MemoryFileSystem {
  const disk = new MemoryFileSystem();
  if (state) disk.put(statePath, state);
  if (copy) disk.put(copyPath, copy);
  return disk;
}

const isNodeId = /^[A-Za-z0-9][\w.-]{0,127}$/;

describe('any bytes as state file, last good copy, or both', () => {
  test('give a usable identity that the next start keeps, and an error if an earlier one was replaced', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, anyBytes, async (state, copy) => {
        const disk = diskWith(state, copy);
        const store = await openOn(disk);
        expect(store.current.nodeId).toMatch(isNodeId);
        const hadSomething = [state, copy].some((bytes) => bytes !== undefined && bytes.length > 0);
        const isTold = store.notices.some(({ level }) => level === 'error');
        expect({ silent: store.source === 'generated' && hadSomething && !isTold }).toEqual({ silent: false });
        const next = await openOn(disk);
        const isSame = isDeepStrictEqual(revealed(next.current), revealed(store.current));
        // One that a newer version holds is nobody's here, at every start.
        expect({ isSame: isSame || (store.unreadable && next.unreadable) !== undefined }).toEqual({ isSame: true });
      }),
      { numRuns: howMany(200, 1000) },
    );
  });

  test('cost no identity as long as one of the two is intact', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, fc.boolean(), async (bytes, isStateWhole) => {
        fc.pre(isStateWhole || !isValidLegacyOrNewer(bytes));
        const store = await openOn(isStateWhole ? diskWith(wholeBytes, bytes) : diskWith(bytes, wholeBytes));
        expect(revealed(store.current)).toEqual(revealed(identity));
      }),
      { numRuns: howMany(200, 1000) },
    );
  });

  test('leak no secret into a message, nor into what is shown of them', async () => {
    const secrets = [nodeToken, identity.nodeSecret.reveal()];
    await fc.assert(
      fc.asyncProperty(anyBytes, anyBytes, async (state, copy) => {
        const disk = diskWith(state, copy);
        const environment = { BASEOS_STATE_PATH: statePath, BASEOS_CLOUDLY_URL: cloudly };
        const read = await readIdentity({ statePath, fileSystem: disk });
        const described = await describeIdentity(environment, { fileSystem: disk });
        const { notices } = await openOn(disk);
        const shown = JSON.stringify([read.notices, described.notices, notices, read.enrolment?.origin]);
        expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
      }),
      { numRuns: howMany(100, 500) },
    );
  });
});

/** Those that rightly win over the copy: a whole legacy file, or one of a version that this one leaves alone. */
function isValidLegacyOrNewer(bytes: Uint8Array | undefined): boolean {
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof content === 'object' && content !== null && 'nodeId' in content && !('checksum' in content);
  } catch {
    return false;
  }
}
