import { describe, expect, test } from 'vitest';
import { cloudlyId, problem } from '../../test/fake-cloudly.js';
import { identity } from '../../test/memory-identity-store.js';
import { byStranger, heartbeatOutcomes, registerOutcomes } from '../../test/outcomes.js';
import { summary, token, turn } from '../../test/turns.js';
import type { Enrolment } from '../identity/identity.js';
import { digestOf } from '../identity/environment-token.js';
import { Secret } from '../values/secret.js';
import type { HeartbeatTurn, Step, Turn } from './step.js';
import { afterFailedStore, afterHeartbeat, afterRegister, waitForStore } from './transitions.js';

const diskFull = { code: 'disk-full', message: 'The disk is full.', remedy: 'Free some space.' };

describe('a verdict', () => {
  const registerKinds = [
    'accepted',
    'pending',
    'join-token-rejected',
    'node-id-taken',
    'clone-suspected',
    'revoked',
    'refused',
  ] as const;
  const heartbeatKinds = ['accepted', 'node-token-rejected', 'revoked', 'refused'] as const;

  test.each(registerKinds)('of another Cloudly on a registration (%s) changes nothing: the node backs off', (kind) => {
    const before = turn({ node: 'unregistered', credential: 'registration-key' });
    const step = afterRegister(before, byStranger(registerOutcomes[kind]));
    expect(summary(step)).toBe('unregistered unreachable: register backoff 1');
    expect(step.enrolment).toBeUndefined();
  });

  test.each(heartbeatKinds)('of another Cloudly on a heartbeat (%s) changes nothing: the node backs off', (kind) => {
    const step = afterHeartbeat(turn(), byStranger(heartbeatOutcomes[kind]));
    expect(summary(step)).toBe('registered unreachable: heartbeat backoff 1');
    expect(step.enrolment).toBeUndefined();
  });

  test('of another Cloudly does not wake a dormant node', () => {
    const step = afterHeartbeat(turn({ node: 'dormant' }), byStranger(heartbeatOutcomes.accepted));
    expect(summary(step)).toBe('dormant unreachable: heartbeat dormant-probe');
    expect(step.enrolment).toBeUndefined();
  });

  test('of another Cloudly is reported with the remedy for a reinstalled Cloudly', () => {
    const { problem: told } = afterHeartbeat(turn(), byStranger(heartbeatOutcomes['node-token-rejected'])).state;
    expect(told).toMatchObject({
      code: 'another-cloudly',
      message: 'A different Cloudly answers (cloudly-2); this node belongs to cloudly-1.',
      remedy: expect.stringContaining('If Cloudly was reinstalled, reset the identity of this device'),
    });
    expect(told?.remedy).not.toContain('captive portal');
  });

  test('that revokes another node is no verdict on this one', () => {
    const outcome = { kind: 'revoked', problem: problem('node-revoked', { nodeId: 'somebody-else' }) } as const;
    const step = afterHeartbeat(turn(), outcome);
    expect(summary(step)).toBe('registered unreachable: heartbeat backoff 1');
    expect(step.state.problem?.message).toContain('HTTP 410');
  });

  test('that revokes this node does not silence it until it knows its own Cloudly', () => {
    const before = turn({ node: 'unregistered', credential: 'registration-key' }, { identity: identity() });
    expect(summary(afterRegister(before, registerOutcomes.revoked))).toBe('unregistered rejected: register slow-pace');
  });

  test('of a Cloudly not known so far is followed', () => {
    const before = turn({ node: 'unregistered', credential: 'registration-key' }, { identity: identity() });
    expect(summary(afterRegister(before, registerOutcomes['node-id-taken']))).toContain('slow-pace');
  });

  test('that accepts another node is not a verdict', () => {
    const { accepted } = registerOutcomes;
    const outcome = { ...accepted, answer: { ...accepted.answer, nodeId: 'somebody-else' } };
    const step = afterRegister(turn({ node: 'unregistered' }), outcome);
    expect(summary(step)).toBe('unregistered unreachable: register backoff 1');
    expect(step.enrolment).toBeUndefined();
  });

  test('carries the contract’s words and remedy, and the places that broke a rule', () => {
    const issues = [{ path: 'status.host.cpuCount', rule: 'min' }];
    const outcome = { kind: 'refused', problem: problem('malformed-request', { issues }) } as const;
    expect(afterHeartbeat(turn(), outcome).state.problem).toEqual({
      code: 'malformed-request',
      message: 'The request does not follow the contract: status.host.cpuCount breaks the rule min.',
      remedy: expect.stringContaining('Compare the versions'),
    });
  });

  test('is reported with Cloudly’s details of this occurrence', () => {
    const detail = 'The token is mistyped: its last characters do not fit. ';
    const outcome = { ...registerOutcomes['join-token-rejected'], problem: problem('join-token-unknown', { detail }) };
    expect(afterRegister(turn({ node: 'unregistered' }), outcome).state.problem?.message).toBe(
      'Cloudly does not recognise this join token. Cloudly says: "The token is mistyped: its last characters do not fit."',
    );
  });

  test('is reported without characters unfit for a log', () => {
    const outcome = {
      kind: 'refused',
      problem: problem('malformed-request', { detail: `\u0000${'x'.repeat(1e6)}` }),
    } as const;
    const message = afterHeartbeat(turn(), outcome).state.problem?.message ?? '';
    expect(message.length).toBeLessThan(600);
    expect(message).not.toContain('\u0000');
  });

  test('with a code of a newer Cloudly is reported in that Cloudly’s words', () => {
    const outcome = {
      kind: 'unavailable',
      status: 418,
      problem: problem('unavailable', { code: 'on-strike', title: 'On strike' }),
    } as const;
    expect(afterHeartbeat(turn(), outcome).state.problem).toMatchObject({
      code: 'on-strike',
      message: 'Cloudly reports a problem that this version of BaseRunner does not know: "On strike".',
    });
  });
});

describe('an enrolment', () => {
  test('is stored with the Cloudly that made it, and counts only once stored', () => {
    const before: Turn = turn({ node: 'unregistered' }, { identity: identity() });
    const step = afterRegister(before, registerOutcomes.accepted);
    expect(step).toMatchObject({
      mustStore: true,
      enrolment: { origin: 'https://cloudly.example', cloudlyId, legacy: false },
    });
    expect(step.enrolment?.nodeToken?.reveal()).toBe('fresh');
    expect(summary(afterFailedStore(before, step, diskFull))).toBe('unregistered unknown: register backoff 1');
  });

  test('is not rewritten if nothing changes', () => {
    expect(afterHeartbeat(turn(), heartbeatOutcomes.accepted).enrolment).toBeUndefined();
  });

  test('keeps its key’s origin and the digest of the environment’s token when renewed', () => {
    const moved = { registrationOrigin: 'https://old.example', environmentTokenDigest: 'digest' };
    const before = turn({ credential: 'registration-key' }, { identity: identity({ nodeToken: token, ...moved }) });
    expect(afterRegister(before, registerOutcomes.accepted).enrolment).toMatchObject(moved);
  });

  test('records when the node got its first token, and keeps that time when renewed', () => {
    const at = (before?: Partial<Enrolment>) =>
      afterRegister(turn({}, { identity: identity(before) }), registerOutcomes.accepted).enrolment?.enrolledAt;
    expect(at()).toBe('2026-11-23T12:00:00.000Z');
    expect(at({ enrolledAt: '2026-01-01T00:00:00.000Z', nodeToken: token })).toBe('2026-01-01T00:00:00.000Z');
    // Of a token that came otherwise, it is not known since when.
    expect(at({ nodeToken: token })).toBeUndefined();
  });

  test('sets the interval that Cloudly gives with it', () => {
    const { accepted } = registerOutcomes;
    const paced = { ...accepted, answer: { ...accepted.answer, heartbeatIntervalMs: 5000 } };
    expect(afterRegister(turn({ node: 'unregistered' }), paced).state.intervalMs).toBe(5000);
    expect(afterRegister(turn({ node: 'unregistered' }), accepted).state.intervalMs).toBe(60_000);
  });

  test('keeps the old token beside the new one until the new one is proven', () => {
    const before = turn({ credential: 'registration-key' });
    const { enrolment } = afterRegister(before, registerOutcomes.accepted);
    expect(enrolment?.nodeToken?.reveal()).toBe('fresh');
    expect(enrolment?.previousNodeToken?.reveal()).toBe('stored');
  });

  test('ends dormancy when renewed', () => {
    const dormancy = { since: '', verdictOn: 'register' as const, cloudlyUrl: 'https://cloudly.example/' };
    const before = turn({ node: 'dormant' }, { identity: identity({ dormancy }) });
    const { enrolment } = afterRegister(before, registerOutcomes.accepted);
    expect(enrolment?.nodeToken?.reveal()).toBe('fresh');
    expect(enrolment?.dormancy).toBeUndefined();
  });

  test('waits while nothing can be stored', () => {
    const step = waitForStore(turn({ node: 'unregistered' }), diskFull);
    expect(summary(step)).toBe('unregistered unknown: register backoff 1');
    expect(step.state.problem).toMatchObject({
      code: 'state-not-stored',
      message: expect.stringContaining(diskFull.message),
      remedy: diskFull.remedy,
    });
  });
});

describe('a new token', () => {
  const withNext = {
    ...heartbeatOutcomes.accepted,
    answer: { ...heartbeatOutcomes.accepted.answer, nextNodeToken: 'next' },
  };
  const tokens = (step: Step) => [step.enrolment?.nodeToken?.reveal(), step.enrolment?.previousNodeToken?.reveal()];

  test('is stored beside the working one', () => {
    expect(tokens(afterHeartbeat(turn(), withNext))).toEqual(['next', 'stored']);
  });

  test('is not used if it could not be stored', () => {
    const before = turn({ credential: 'previous' });
    const step = afterFailedStore(before, afterHeartbeat(before, withNext), diskFull);
    expect(step.enrolment).toBeUndefined();
    expect(step.state).toMatchObject({ credential: 'previous', problem: { code: 'state-not-stored' } });
    expect(summary(step)).toBe('registered connected: heartbeat interval');
  });

  test('replaces the old one with the first 200 under it', () => {
    const both = identity({ nodeToken: token, previousNodeToken: new Secret('old') });
    expect(tokens(afterHeartbeat(turn({}, { identity: both }), heartbeatOutcomes.accepted))).toEqual([
      'stored',
      undefined,
    ]);
  });

  test('is dropped if the old one turns out to work', () => {
    const old = new Secret('old');
    const before = turn(
      { credential: 'previous' },
      {
        identity: identity({ nodeToken: token, previousNodeToken: old }),
        sent: { token: old, statusHash: 'hash', carriedStatus: true, isMinimal: false },
      },
    );
    expect(tokens(afterHeartbeat(before, heartbeatOutcomes.accepted))).toEqual(['old', undefined]);
  });
});

describe('the token of the environment', () => {
  const environmentToken = new Secret('environment');
  const settings = { ...turn().settings, environmentToken };
  const sentWith = (sentToken: Secret): HeartbeatTurn['sent'] => ({ ...turn().sent, token: sentToken });

  test('counts as adopted once it has worked', () => {
    const before = turn({ credential: 'environment' }, { settings, sent: sentWith(environmentToken) });
    const { enrolment } = afterHeartbeat(before, heartbeatOutcomes.accepted);
    expect(enrolment?.nodeToken?.reveal()).toBe('environment');
    expect(enrolment?.environmentTokenDigest).toBe(digestOf(environmentToken));
  });

  test('is not marked if another token worked', () => {
    const known = identity({ nodeToken: new Secret('other'), environmentTokenDigest: 'earlier' });
    const before = turn({}, { settings, sent: sentWith(token), identity: known });
    expect(afterHeartbeat(before, heartbeatOutcomes.accepted).enrolment?.environmentTokenDigest).toBe('earlier');
  });
});

describe('a rejected token', () => {
  const { 'node-token-rejected': outcome } = heartbeatOutcomes;

  test('gives way to the next one soon, and to a registration slowly', () => {
    const both = { identity: identity({ nodeToken: token, previousNodeToken: new Secret('old') }) };
    const afterNew = afterHeartbeat(turn({}, both), outcome);
    expect(afterNew.state.credential).toBe('previous');
    expect(summary(afterNew)).toBe('registered rejected: heartbeat backoff 1');
    const afterOld = afterHeartbeat(turn(afterNew.state, both), outcome);
    expect(summary(afterOld)).toBe('registered rejected: register slow-pace');
  });

  test('of a dormant node also gives way to the next one, an hour later', () => {
    const both = { identity: identity({ nodeToken: token, previousNodeToken: new Secret('old') }) };
    const afterNew = afterHeartbeat(turn({ node: 'dormant' }, both), outcome);
    expect(afterNew.state.credential).toBe('previous');
    expect(summary(afterNew)).toBe('dormant rejected: heartbeat dormant-probe');
    expect(summary(afterHeartbeat(turn(afterNew.state, both), outcome))).toBe(
      'dormant rejected: register dormant-probe',
    );
  });

  test.each(['join-token-rejected', 'node-id-taken', 'clone-suspected', 'refused'] as const)(
    'of a dormant node is tried again if the registration is refused too (%s)',
    (kind) => {
      const step = afterRegister(turn({ node: 'dormant', credential: 'registration-key' }), registerOutcomes[kind]);
      expect(step.state.credential).toBe('current');
      expect(summary(step)).toBe('dormant rejected: heartbeat dormant-probe');
    },
  );

  test('of a dormant node stays rejected if a registration says that the node is still revoked', () => {
    const step = afterRegister(turn({ node: 'dormant', credential: 'registration-key' }), registerOutcomes.revoked);
    expect(summary(step)).toBe('dormant rejected: register dormant-probe');
  });
});

describe('dormancy', () => {
  test('remembers what would end it', () => {
    const step = afterHeartbeat(turn(), heartbeatOutcomes.revoked);
    expect(step.enrolment?.dormancy).toEqual({
      since: '2026-11-23T12:00:00.000Z',
      verdictOn: 'heartbeat',
      joinTokenDigest: undefined,
      cloudlyUrl: 'https://cloudly.example/at/path',
    });
  });

  test('ends with a 200', () => {
    const dormancy = { since: '', verdictOn: 'heartbeat' as const, cloudlyUrl: 'https://cloudly.example/' };
    const before = turn({ node: 'dormant' }, { identity: identity({ nodeToken: token, dormancy }) });
    const step = afterHeartbeat(before, heartbeatOutcomes.accepted);
    expect(step.state).toMatchObject({ node: 'registered', problem: undefined });
    expect(step.enrolment).toBeDefined();
    expect(step.enrolment?.dormancy).toBeUndefined();
  });
});

describe('the status', () => {
  const accepted = (more: object) => ({
    ...heartbeatOutcomes.accepted,
    answer: { ...heartbeatOutcomes.accepted.answer, ...more },
  });
  const sentWithout = { sent: { token, statusHash: 'hash', carriedStatus: false, isMinimal: false } };
  const sentMinimal = { sent: { ...sentWithout.sent, isMinimal: true } };

  test('counts as known to Cloudly once a heartbeat with it was acknowledged', () => {
    expect(afterHeartbeat(turn(), accepted({})).state.acknowledgedStatusHash).toBe('hash');
  });

  test('is sent again soon when Cloudly asks for it', () => {
    const step = afterHeartbeat(
      turn({ acknowledgedStatusHash: 'hash' }, sentWithout),
      accepted({ sendFullStatus: true }),
    );
    expect(step.state.acknowledgedStatusHash).toBeUndefined();
    expect(summary(step)).toBe('registered connected: heartbeat status-requested');
  });

  test('is not sent again when the answer to it asks for it', () => {
    const step = afterHeartbeat(turn(), accepted({ sendFullStatus: true }));
    expect(step.state.acknowledgedStatusHash).toBe('hash');
    expect(summary(step)).toBe('registered connected: heartbeat interval');
  });

  test('is left out for an hour after a heartbeat was refused, even if Cloudly asks for it', () => {
    const refused = afterHeartbeat(turn(), heartbeatOutcomes.refused).state;
    expect(refused.minimalUntil).toMatchObject({ atMs: 5000 + 3_600_000, statusHash: 'hash' });
    const step = afterHeartbeat(turn(refused, sentMinimal), accepted({ sendFullStatus: true }));
    expect(summary(step)).toBe('registered connected: heartbeat interval');
    expect(step.state.problem?.code).toBe('payload-too-large');
    expect(afterHeartbeat(turn(step.state), accepted({})).state).toMatchObject({
      minimalUntil: undefined,
      problem: undefined,
    });
  });

  test('is never assumed known by a legacy Cloudly', () => {
    const before = turn({}, { identity: identity({ nodeToken: token, legacy: true, cloudlyId: undefined }) });
    expect(afterHeartbeat(before, heartbeatOutcomes['accepted-legacy']).state.acknowledgedStatusHash).toBeUndefined();
  });
});

describe('a legacy Cloudly', () => {
  const legacy = { identity: identity({ nodeToken: token, legacy: true, cloudlyId: undefined }) };

  test.each([heartbeatOutcomes.accepted, heartbeatOutcomes['node-token-rejected'], heartbeatOutcomes.refused])(
    'is no longer one after an answer in protocol 1 ($kind)',
    (outcome) => {
      expect(afterHeartbeat(turn({}, legacy), outcome).enrolment).toMatchObject({ legacy: false });
    },
  );

  test('is ruled out if it spoke protocol 1 before the first enrolment', () => {
    const before = turn({ node: 'unregistered', credential: 'registration-key' }, { identity: identity() });
    const { enrolment } = afterRegister(before, registerOutcomes['join-token-rejected']);
    expect(enrolment).toEqual({ origin: 'https://cloudly.example', legacy: false });
    const remembered = { ...before, identity: { ...before.identity, enrolment } };
    const step = afterRegister(remembered, registerOutcomes['accepted-legacy']);
    expect(summary(step)).toBe('unregistered unreachable: register backoff 1');
  });

  test('is not ruled out by a page that is not Cloudly’s', () => {
    const before = turn({ node: 'unregistered', credential: 'registration-key' }, { identity: identity() });
    expect(afterRegister(before, registerOutcomes['not-cloudly']).enrolment).toBeUndefined();
    expect(afterRegister(before, registerOutcomes['rate-limited']).enrolment).toBeUndefined();
  });

  test('cannot become legacy again', () => {
    const step = afterHeartbeat(turn(), heartbeatOutcomes['accepted-legacy']);
    expect(summary(step)).toBe('registered unreachable: heartbeat backoff 1');
  });
});

describe('two devices with one identity', () => {
  test('are reported in the status while heartbeats continue', () => {
    const { accepted } = heartbeatOutcomes;
    const step = afterHeartbeat(turn(), { ...accepted, answer: { ...accepted.answer, cloneSuspected: true } });
    expect(step.state).toMatchObject({ cloneSuspected: true, problem: { code: 'clone-suspected' } });
    expect(summary(step)).toBe('registered connected: heartbeat interval');
    expect(afterHeartbeat(turn(step.state), accepted).state).toMatchObject({
      cloneSuspected: false,
      problem: undefined,
    });
  });
});
