import { describe, expect, test } from 'vitest';
import { systemRandomness } from '../ports/randomness.js';
import { Secret } from '../values/secret.js';
import { digestOf, ownEnvironmentToken, withEnvironmentToken } from './environment-token.js';
import type { Enrolment, Identity } from './identity.js';
import { type IdentityConfig, resolveIdentity, type ResolveIdentityInput } from './resolve-identity.js';

const here = 'https://cloudly.example';
const elsewhere = 'https://other.example';

function configure(parts: Partial<IdentityConfig> = {}): IdentityConfig {
  return {
    cloudlyUrl: new URL(here),
    device: {},
    ...parts,
  };
}

function enrolment(parts: Partial<Enrolment> = {}): Enrolment {
  return {
    origin: here,
    legacy: false,
    nodeToken: new Secret('stored-token'),
    ...parts,
  };
}

function node(parts: Partial<Identity> = {}): Identity {
  return {
    nodeId: 'stored-node',
    nodeSecret: new Secret('stored-secret'),
    enrolment: enrolment(),
    ...parts,
  };
}

function resolve(identity: Identity | undefined, config: IdentityConfig, parts: Partial<ResolveIdentityInput> = {}) {
  return resolveIdentity({
    stored: identity && { identity, source: 'state-file' },
    hadIdentity: false,
    config,
    randomness: systemRandomness,
    ...parts,
  });
}

function tokenOf({ identity }: { identity: Identity }) {
  return identity.enrolment?.nodeToken?.reveal();
}

function environmentToken(text: string) {
  return { nodeToken: new Secret(text) };
}

describe('the resolved node', () => {
  test('is the stored one, as the same object, if nothing contradicts it', () => {
    const stored = node({ deviceUuid: 'device-1' });
    for (const config of [configure(), configure({ nodeId: 'stored-node', device: { uuid: 'device-1' } })]) {
      expect(resolve(stored, config)).toEqual({
        identity: stored,
        source: 'state-file',
        replaces: false,
        notices: [],
        warnings: [],
      });
      expect(resolve(stored, config).identity).toBe(stored);
    }
  });

  test('is a new one if none is stored: a UUID and a 32-byte secret', () => {
    const { identity, source, replaces } = resolve(undefined, configure({ device: { uuid: 'device-1' } }));
    expect(identity.nodeId).toMatch(/^[\da-f]{8}-/);
    expect(identity.nodeSecret.reveal()).toMatch(/^[\w-]{43}$/);
    expect({ source, replaces, deviceUuid: identity.deviceUuid }).toEqual({
      source: 'generated',
      replaces: false,
      deviceUuid: 'device-1',
    });
  });

  test('is the one in BASEOS_NODE_ID if none is stored', () => {
    expect(resolve(undefined, configure({ nodeId: 'named' }))).toMatchObject({
      source: 'environment',
      identity: { nodeId: 'named' },
    });
  });

  test('is the one in BASEOS_NODE_ID if another one is stored, with its own secret and a warning', () => {
    const resolved = resolve(node(), configure({ nodeId: 'named' }));
    expect(resolved).toMatchObject({
      source: 'environment',
      replaces: true,
      identity: { nodeId: 'named', previousNodeId: 'stored-node' },
      notices: [
        { level: 'warn', message: expect.stringContaining('BASEOS_NODE_ID is named') },
        { code: 'identity-new', message: expect.stringContaining('named') },
      ],
    });
    expect(resolved.identity.nodeSecret.reveal()).not.toBe('stored-secret');
    expect(resolved.identity.enrolment).toBeUndefined();
  });

  test('learns the UUID of its device, and keeps it when the device no longer reports it', () => {
    const learnt = resolve(node(), configure({ device: { uuid: 'device-1' } })).identity;
    expect(learnt).toMatchObject({ nodeId: 'stored-node', deviceUuid: 'device-1' });
    expect(resolve(learnt, configure()).identity).toBe(learnt);
  });

  test('is a new one on another device, because the disk was copied', () => {
    const resolved = resolve(node({ deviceUuid: 'device-1' }), configure({ device: { uuid: 'device-2' } }));
    expect(resolved).toMatchObject({
      source: 'generated',
      replaces: true,
      identity: { deviceUuid: 'device-2', previousNodeId: 'stored-node' },
      notices: [
        { level: 'warn', message: expect.stringMatching(/device-1.*device-2.*copied/) },
        { code: 'identity-new', message: expect.stringContaining(resolved.identity.nodeId) },
      ],
    });
    expect(tokenOf(resolved)).toBeUndefined();
  });

  test('has a new secret on another device even with the same BASEOS_NODE_ID', () => {
    const stored = node({ deviceUuid: 'device-1' });
    const { identity } = resolve(stored, configure({ nodeId: 'stored-node', device: { uuid: 'device-2' } }));
    expect(identity).toMatchObject({ nodeId: 'stored-node', previousNodeId: undefined });
    expect(identity.nodeSecret.equals(stored.nodeSecret)).toBe(false);
  });
});

describe('BASEOS_NODE_TOKEN', () => {
  test('is used if no token is stored', () => {
    const resolved = resolve(node({ enrolment: undefined }), configure(environmentToken('token-e')));
    expect(tokenOf(resolved)).toBe('token-e');
    expect(resolved.identity.enrolment).toMatchObject({ origin: here, legacy: true });
  });

  test('is used with BASEOS_NODE_ID on an empty disk', () => {
    expect(tokenOf(resolve(undefined, configure({ nodeId: 'named', ...environmentToken('token-e') })))).toBe('token-e');
  });

  test('is used when it is set or changed, and the stored one is kept as the previous token', () => {
    const first = resolve(node(), configure(environmentToken('token-e')));
    expect(tokenOf(first)).toBe('token-e');
    expect(first.identity.enrolment?.previousNodeToken?.reveal()).toBe('stored-token');
    expect(tokenOf(resolve(first.identity, configure(environmentToken('token-f'))))).toBe('token-f');
  });

  test('is not used again after Cloudly has issued a newer one', () => {
    const rotated = node({ enrolment: enrolment({ environmentTokenDigest: digestOf(new Secret('token-e')) }) });
    const resolved = resolve(rotated, configure(environmentToken('token-e')));
    expect(resolved.identity).toBe(rotated);
    expect(tokenOf(resolve(rotated, configure()))).toBe('stored-token');
  });

  test('does not win over the token in the legacy file until it changes', () => {
    const stored = {
      identity: node({ enrolment: enrolment({ origin: '', legacy: true }) }),
      source: 'legacy' as const,
    };
    const adopted = resolve(undefined, configure(environmentToken('token-e')), { stored });
    expect(tokenOf(adopted)).toBe('stored-token');
    expect(tokenOf(resolve(adopted.identity, configure(environmentToken('token-e'))))).toBe('stored-token');
    expect(tokenOf(resolve(adopted.identity, configure(environmentToken('token-f'))))).toBe('token-f');
  });

  test('of the previous node is not used for a new one, at this start or the next', () => {
    const config = configure({ device: { uuid: 'device-2' }, ...environmentToken('token-e') });
    const resolved = resolve(node({ deviceUuid: 'device-1' }), config);
    expect(tokenOf(resolved)).toBeUndefined();
    expect(tokenOf(resolve(resolved.identity, config))).toBeUndefined();
    expect(ownEnvironmentToken(resolved.identity, config)).toBeUndefined();
    const afterLoss = resolve(undefined, configure(environmentToken('token-e')), { hadIdentity: true });
    expect(tokenOf(afterLoss)).toBeUndefined();
    expect(ownEnvironmentToken(afterLoss.identity, configure(environmentToken('token-e')))).toBeUndefined();
  });

  test('of the previous node does not settle which protocol its Cloudly speaks', () => {
    const config = configure({ device: { uuid: 'device-2' }, ...environmentToken('token-e') });
    const { identity } = resolve(node({ deviceUuid: 'device-1' }), config);
    expect(identity.enrolment).toMatchObject({ origin: here, legacy: true, environmentTokenIsForeign: true });
  });

  test('that replaces the one of the previous node belongs to this node', () => {
    const moved = (token: string) => configure({ device: { uuid: 'device-2' }, ...environmentToken(token) });
    const { identity: first } = resolve(node({ deviceUuid: 'device-1' }), moved('token-e'));
    const { identity: second } = resolve(first, moved('token-f'));
    expect(tokenOf({ identity: second })).toBe('token-f');
    expect(second.enrolment?.environmentTokenIsForeign).toBeUndefined();
    expect(ownEnvironmentToken(second, moved('token-f'))?.reveal()).toBe('token-f');
    expect(ownEnvironmentToken(first, configure())).toBeUndefined();
  });

  test('without BASEOS_NODE_ID on an empty disk is an error, unless no Cloudly is configured', () => {
    expect(() => resolve(undefined, configure(environmentToken('token-e')))).toThrow(/BASEOS_NODE_TOKEN/);
    expect(resolve(undefined, configure({ cloudlyUrl: undefined, ...environmentToken('token-e') })).source).toBe(
      'generated',
    );
  });

  test('is available as a fallback when the stored one is rejected', () => {
    const stored = node({ enrolment: enrolment({ environmentTokenDigest: digestOf(new Secret('token-e')) }) });
    const config = configure(environmentToken('token-e'));
    const changed = withEnvironmentToken(stored, config);
    expect(changed.enrolment?.nodeToken?.reveal()).toBe('token-e');
    expect(withEnvironmentToken(changed, config)).toBe(changed);
    expect(withEnvironmentToken(stored, configure())).toBe(stored);
  });
});

describe('an enrolment', () => {
  test('is not used with another origin, and is used again with its own', () => {
    const away = resolve(node(), configure({ cloudlyUrl: new URL(elsewhere) }));
    expect(away.identity.enrolment).toBeUndefined();
    expect(away.notices).toMatchObject([{ level: 'info', message: expect.stringContaining(here) }]);
    const enrolledThere = {
      ...away.identity,
      enrolment: enrolment({ origin: elsewhere, nodeToken: new Secret('token-there') }),
    };
    const back = resolve(enrolledThere, configure());
    expect(tokenOf(back)).toBe('stored-token');
    expect(tokenOf(resolve(back.identity, configure({ cloudlyUrl: new URL(elsewhere) })))).toBe('token-there');
  });

  test('is shared by all paths of one origin', () => {
    const stored = node();
    expect(resolve(stored, configure({ cloudlyUrl: new URL('/tenant/', here) })).identity).toBe(stored);
  });

  test('stays unchanged while no Cloudly is configured', () => {
    const stored = node();
    expect(resolve(stored, configure({ cloudlyUrl: undefined })).identity).toBe(stored);
  });

  test('is carried over if BASEOS_CLOUDLY_MOVED_FROM names its origin, and keeps its first origin', () => {
    const moved = configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here });
    const resolved = resolve(node(), moved);
    expect(tokenOf(resolved)).toBe('stored-token');
    expect(resolved.identity.enrolment).toMatchObject({ origin: elsewhere, registrationOrigin: here });
    expect(resolve(resolved.identity, moved).identity).toBe(resolved.identity);
    const again = resolve(
      resolved.identity,
      configure({ cloudlyUrl: new URL('https://third.example'), cloudlyMovedFrom: elsewhere }),
    );
    expect(again.identity.enrolment).toMatchObject({ origin: 'https://third.example', registrationOrigin: here });
  });

  test('is carried over even if the new address was tried without that setting first', () => {
    const tried = resolve(node(), configure({ cloudlyUrl: new URL(elsewhere) })).identity;
    const resolved = resolve(tried, configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here }));
    expect(tokenOf(resolved)).toBe('stored-token');
  });

  test('is carried over even if the new address has begun an enrolment without a token', () => {
    const begun = enrolment({ origin: elsewhere, nodeToken: undefined });
    const stored = node({ enrolment: begun, otherEnrolments: [enrolment()] });
    const resolved = resolve(stored, configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here }));
    expect(tokenOf(resolved)).toBe('stored-token');
    expect(resolved.identity.otherEnrolments).toBeUndefined();
  });

  test('is carried over even if the new address has refused a registration', () => {
    const refused: Enrolment = { origin: elsewhere, legacy: false };
    const stored = node({ enrolment: refused, otherEnrolments: [enrolment({ cloudlyId: 'c1' })] });
    const resolved = resolve(stored, configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here }));
    expect(tokenOf(resolved)).toBe('stored-token');
    expect(resolved.identity.enrolment).toMatchObject({ origin: elsewhere, registrationOrigin: here, cloudlyId: 'c1' });
  });

  test.each([
    ['without any stored identity', node({ enrolment: undefined })],
    ['that the new address rejected', node({ enrolment: { origin: elsewhere, legacy: false } })],
    [
      'with no answer from the new address',
      node({ enrolment: enrolment({ origin: elsewhere, nodeToken: undefined }) }),
    ],
  ])('%s is requested with the key of the former address at every start', (_name, stored) => {
    const moved = configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here });
    const { identity, notices } = resolve(stored, moved);
    expect(identity.enrolment).toMatchObject({ origin: elsewhere, registrationOrigin: here });
    expect(notices).toMatchObject([{ level: 'info', message: expect.stringContaining(here) }]);
    expect(resolve(identity, moved).identity).toBe(identity);
    expect(resolve(identity, configure({ cloudlyUrl: new URL(elsewhere) })).identity).toBe(identity);
  });

  test('that is pending at the new address keeps the key that address knows', () => {
    const waiting = enrolment({ origin: elsewhere, nodeToken: undefined, cloudlyId: 'c1' });
    const stored = node({ enrolment: waiting });
    const moved = configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here });
    expect(resolve(stored, moved).identity).toBe(stored);
    const refusedBefore = { ...stored, otherEnrolments: [{ origin: here, legacy: false }] };
    expect(resolve(refusedBefore, moved).identity).toBe(refusedBefore);
    const same = configure({ cloudlyMovedFrom: here });
    expect(resolve(node({ enrolment: undefined }), same).identity.enrolment).toBeUndefined();
  });

  test('that has a token at the new address is not overwritten by the former one', () => {
    const stored = node({
      enrolment: enrolment({ origin: elsewhere, nodeToken: new Secret('newer') }),
      otherEnrolments: [enrolment()],
    });
    const resolved = resolve(stored, configure({ cloudlyUrl: new URL(elsewhere), cloudlyMovedFrom: here }));
    expect(resolved.identity).toBe(stored);
  });

  test('is forgotten once four newer Cloudlys have followed it', () => {
    let identity = node();
    for (const origin of ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `https://${name}.example`)) {
      identity = resolve(identity, configure({ cloudlyUrl: new URL(origin) })).identity;
      identity = { ...identity, enrolment: enrolment({ origin }) };
    }
    expect(identity.otherEnrolments?.map(({ origin }) => origin)).toEqual(
      ['e', 'd', 'c', 'b'].map((name) => `https://${name}.example`),
    );
  });
});
