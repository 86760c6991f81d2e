import { describe, expect, it } from 'vitest';
import { MemoryFileSystem, type PowerCut } from '../../test/memory-file-system.js';
import { parseConfig } from '../config/parse-config.js';
import { Secret } from '../secret.js';
import type { IdentityStore } from './identity-store.js';
import { openIdentity } from './open-identity.js';

const cloudly = 'https://cloudly.example';
const statePath = '/data/baseos/state.json';
const copyPath = `${statePath}.last-good`;

const open = async (disk: MemoryFileSystem, environment: Record<string, string> = {}): Promise<IdentityStore> => {
  const parsed = parseConfig({ BASEOS_CLOUDLY_URL: cloudly, BASEOS_STATE_PATH: statePath, ...environment });
  if (!parsed.ok) throw new Error('unreachable');
  return openIdentity({
    config: parsed.config,
    fileSystem: disk,
    clock: { sleep: async () => undefined },
    lockDirectory: async () => ({ release: async () => undefined }),
  });
};

const storeToken = async (store: IdentityStore, token: string): Promise<boolean> => {
  const { ok } = await store.update((identity) => ({
    ...identity,
    enrolment: { origin: cloudly, provisional: false, nodeToken: new Secret(token) },
  }));
  return ok;
};

const tokenOf = (store: IdentityStore): string | undefined => store.current.enrolment?.nodeToken?.reveal();

const fates: PowerCut[] = (['kept', 'lost'] as const).flatMap((names) =>
  (['kept', 'halved', 'lost'] as const).map((bytes) => ({ names, bytes })),
);

/**
 * Cuts the power before every call that `work` makes on a disk, and after the last one, with every fate of what was not
 * synced; gives what `work` said each time, and the disk that the next start finds.
 */
const everyCrash = async function* <Result>(
  prepare: () => Promise<MemoryFileSystem>,
  work: (disk: MemoryFileSystem) => Promise<Result>,
) {
  for (let callsBefore = 0, wasCut = true; wasCut; callsBefore += 1) {
    const disk = await prepare();
    let calls = 0;
    disk.fault = () => ((calls += 1) > callsBefore ? 'EIO' : undefined);
    const result = await work(disk);
    wasCut = calls > callsBefore;
    for (const fate of fates)
      yield { result, disk: disk.afterPowerCut(fate), where: `after ${callsBefore} calls, ${JSON.stringify(fate)}` };
  }
};

/** The disk of a node with `token-1`, and its ID. */
const enrolledDisk = async (): Promise<{ disk: MemoryFileSystem; nodeId: string }> => {
  const disk = new MemoryFileSystem();
  const store = await open(disk);
  await storeToken(store, 'token-1');
  return { disk, nodeId: store.current.nodeId };
};

describe('a power cut at any moment', () => {
  it('of an update leaves the node with the old token or the new one; with the new one if the update had succeeded', async () => {
    const { disk: enrolled, nodeId } = await enrolledDisk();
    const outcomes = new Set<string>();
    const crashes = everyCrash(
      async () => copyOf(enrolled),
      async (disk) => storeToken(await open(disk), 'token-2'),
    );
    for await (const { result: stored, disk, where } of crashes) {
      const store = await open(disk);
      expect({ where, ...nodeOf(store) }).toMatchObject({ where, nodeId, durable: true });
      outcomes.add(`${stored ? 'stored' : 'not stored'}, found ${tokenOf(store)}`);
    }
    expect([...outcomes].toSorted()).toEqual([
      'not stored, found token-1',
      'not stored, found token-2',
      'stored, found token-2',
    ]);
  });

  it('of the first start leaves no node, or the one that was to be used', async () => {
    const crashes = everyCrash(
      async () => new MemoryFileSystem(),
      async (disk) => nodeOf(await open(disk)),
    );
    for await (const { result: before, disk, where } of crashes) {
      const after = nodeOf(await open(disk));
      expect({ where, ...after }).toEqual({
        where,
        durable: true,
        nodeId: before.durable ? before.nodeId : after.nodeId,
      });
    }
  });

  it('of the repair of a damaged state file leaves the node', async () => {
    const { disk: enrolled, nodeId } = await enrolledDisk();
    const damaged = copyOf(enrolled).put(statePath, 'torn');
    const crashes = everyCrash(
      async () => copyOf(damaged),
      async (disk) => open(disk),
    );
    for await (const { disk, where } of crashes) {
      const store = await open(disk);
      expect({ where, ...nodeOf(store), token: tokenOf(store) }).toMatchObject({ where, nodeId, token: 'token-1' });
    }
  });

  const edited = (disk: MemoryFileSystem): string => disk.text(statePath)?.replace('token-1', 'token-9') ?? '';

  it.each<[string, (disk: MemoryFileSystem) => unknown]>([
    ['an edited state file and no copy', (disk) => disk.put(statePath, edited(disk)).forget(copyPath)],
    ['an edited state file and a torn copy', (disk) => disk.put(statePath, edited(disk)).put(copyPath, 'torn')],
    ['an edited copy and no state file', (disk) => disk.put(copyPath, edited(disk)).forget(statePath)],
    ['an edited copy and a torn state file', (disk) => disk.put(copyPath, edited(disk)).put(statePath, 'torn')],
  ])('of the repair of %s leaves the node', async (_, damage) => {
    const { disk: enrolled, nodeId } = await enrolledDisk();
    damage(enrolled);
    const crashes = everyCrash(
      async () => copyOf(enrolled),
      async (disk) => open(disk),
    );
    for await (const { disk, where } of crashes) {
      const store = await open(disk);
      expect({ where, ...nodeOf(store), token: tokenOf(store) }).toEqual({
        where,
        nodeId,
        durable: true,
        token: 'token-9',
      });
      const keptAside = disk.names().filter((name) => disk.text(name)?.includes('token-9'));
      expect({ where, kept: keptAside.some((name) => name.includes('damaged')) }).toEqual({ where, kept: true });
    }
  });

  it("of the adoption of the predecessor's file leaves its node and its token, and the secret once it was stored", async () => {
    const predecessor = new MemoryFileSystem().put(statePath, '{"nodeId":"old-node","nodeToken":"old-token"}');
    const crashes = everyCrash(
      async () => copyOf(predecessor),
      async (disk) => open(disk),
    );
    for await (const { result: before, disk, where } of crashes) {
      const store = await open(disk);
      expect({ where, ...nodeOf(store), token: tokenOf(store) }).toMatchObject({
        where,
        nodeId: 'old-node',
        token: 'old-token',
      });
      const sameSecret = store.current.nodeSecret.equals(before.current.nodeSecret);
      expect({ where, kept: sameSecret || !before.durable }).toEqual({ where, kept: true });
    }
  });

  it.each([
    ['two whole files', () => undefined],
    ['the last good copy alone', (disk: MemoryFileSystem) => disk.forget(statePath)],
  ])(
    'of the change to another node, from %s, never loses the first one before the second is stored',
    async (_, damage) => {
      const { disk: enrolled, nodeId } = await enrolledDisk();
      damage(enrolled);
      const environment = { BASEOS_NODE_ID: 'another-node' };
      const crashes = everyCrash(
        async () => copyOf(enrolled),
        async (disk) => open(disk, environment),
      );
      for await (const { disk, where } of crashes) {
        const files = [statePath, copyPath, `${statePath}.replaced-1`].map((path) => disk.text(path) ?? '');
        const kept = files.some((text) => text.includes(nodeId) && text.includes('token-1'));
        expect({ where, kept }).toEqual({ where, kept: true });
        const store = await open(disk, environment);
        expect({ where, ...nodeOf(store) }).toEqual({ where, nodeId: 'another-node', durable: true });
        expect({ where, ...store.current }).toMatchObject({ where, previousNodeId: nodeId });
      }
    },
  );
});

const copyOf = (disk: MemoryFileSystem): MemoryFileSystem => disk.afterPowerCut({ names: 'lost', bytes: 'lost' });

const nodeOf = ({ current, durable }: IdentityStore): { nodeId: string; durable: boolean } => ({
  nodeId: current.nodeId,
  durable,
});
