import type { HeartbeatOutcome, RegisterOutcome } from '@serve.zone/baseos-cloudly-connector';
import { type ProblemCode, problems } from '@serve.zone/baseos-contracts';
import { describe, expect, test } from 'vitest';
import { problem } from '../../test/fake-cloudly.js';
import { identity } from '../../test/memory-identity-store.js';
import { byStranger, heartbeatOutcomes, registerOutcomes } from '../../test/outcomes.js';
import { summary, token, turn } from '../../test/turns.js';
import type { NodeState } from './node-state.js';
import type { OwnVerdict } from './own-verdict.js';
import { problemOf } from './runner-problem.js';
import { afterHeartbeat, afterRegister } from './transitions.js';

// Every state times every outcome. The types ask for a row for each kind of outcome, and for a cell for each state in it.

type Row = Record<NodeState, string>;

/** States in which a node makes no call. */
const silent = {
  'not-configured': 'not-configured unknown: nothing interval',
  unknown: 'unknown unknown: nothing interval',
};

const untouched = {
  ...silent,
  unregistered: 'unregistered unknown: register interval',
  pending: 'pending unknown: register interval',
};

/** The transition in each state after a call without a verdict. */
function noVerdict(call: 'register' | 'heartbeat', reason = 'backoff 1') {
  return {
    ...untouched,
    unregistered: `unregistered unreachable: register ${reason}`,
    pending: `pending unreachable: register ${reason}`,
    registered: `registered unreachable: ${call} ${reason}`,
    dormant: 'dormant unreachable: heartbeat dormant-probe',
  };
}

const enrolled = {
  ...silent,
  unregistered: 'registered connected: heartbeat now',
  pending: 'registered connected: heartbeat now',
  registered: 'registered connected: heartbeat now',
  dormant: 'registered connected: heartbeat now',
};

const asksSlowly = {
  ...silent,
  unregistered: 'unregistered rejected: register slow-pace',
  pending: 'pending rejected: register slow-pace',
  registered: 'registered rejected: heartbeat slow-pace',
  dormant: 'dormant rejected: heartbeat dormant-probe',
};

const registerExpectations: Record<OwnVerdict<RegisterOutcome>['kind'], Row> = {
  accepted: enrolled,
  'accepted-legacy': enrolled,
  pending: {
    ...silent,
    unregistered: 'pending connected: register retry-after',
    pending: 'pending connected: register retry-after',
    registered: 'pending connected: register retry-after',
    dormant: 'dormant rejected: heartbeat dormant-probe',
  },
  'join-token-rejected': { ...asksSlowly, pending: 'unregistered rejected: register slow-pace' },
  'node-id-taken': { ...asksSlowly, pending: 'unregistered rejected: register slow-pace' },
  'clone-suspected': asksSlowly,
  refused: asksSlowly,
  revoked: {
    ...silent,
    unregistered: 'dormant rejected: register dormant-probe',
    pending: 'dormant rejected: register dormant-probe',
    registered: 'dormant rejected: register dormant-probe',
    dormant: 'dormant rejected: heartbeat dormant-probe',
  },
  'rate-limited': noVerdict('register', 'retry-after'),
  unavailable: noVerdict('register'),
  unreachable: noVerdict('register'),
  timeout: noVerdict('register'),
  'not-cloudly': noVerdict('register'),
  'another-cloudly': noVerdict('register'),
  aborted: {
    ...untouched,
    registered: 'registered unknown: register interval',
    dormant: 'dormant unreachable: heartbeat dormant-probe',
  },
};

const acknowledged = {
  ...untouched,
  registered: 'registered connected: heartbeat interval',
  dormant: 'registered connected: heartbeat interval',
};

const heartbeatExpectations: Record<OwnVerdict<HeartbeatOutcome>['kind'], Row> = {
  accepted: acknowledged,
  'accepted-legacy': acknowledged,
  'node-token-rejected': {
    ...untouched,
    registered: 'registered rejected: register slow-pace',
    dormant: 'dormant rejected: register dormant-probe',
  },
  refused: {
    ...untouched,
    registered: 'registered rejected: heartbeat slow-pace',
    dormant: 'dormant rejected: heartbeat dormant-probe',
  },
  revoked: {
    ...untouched,
    registered: 'dormant rejected: heartbeat dormant-probe',
    dormant: 'dormant rejected: heartbeat dormant-probe',
  },
  'rate-limited': { ...noVerdict('heartbeat', 'retry-after'), ...untouched },
  unavailable: { ...noVerdict('heartbeat'), ...untouched },
  unreachable: { ...noVerdict('heartbeat'), ...untouched },
  timeout: { ...noVerdict('heartbeat'), ...untouched },
  'not-cloudly': { ...noVerdict('heartbeat'), ...untouched },
  'another-cloudly': { ...noVerdict('heartbeat'), ...untouched },
  aborted: {
    ...untouched,
    registered: 'registered unknown: heartbeat interval',
    dormant: 'dormant unreachable: heartbeat dormant-probe',
  },
};

const anotherCloudly = {
  register: { kind: 'another-cloudly', outcome: byStranger(registerOutcomes.accepted) },
  heartbeat: { kind: 'another-cloudly', outcome: byStranger(heartbeatOutcomes.accepted) },
} as const;

/** Each cell of a table, with the outcome that leads there. */
function cells<Outcome extends { kind: string }>(
  table: Record<string, Row>,
  outcomes: Record<string, Outcome>,
  stranger: { kind: string; outcome: Outcome },
) {
  return Object.entries(table).flatMap(([kind, row]) =>
    Object.entries(row).map(([node, expected]) => {
      const outcome = kind === stranger.kind ? stranger.outcome : outcomes[kind];
      return { kind, node: node as NodeState, expected, outcome: outcome as Outcome };
    }),
  );
}

describe('a register call', () => {
  test.each(cells(registerExpectations, registerOutcomes as Record<string, RegisterOutcome>, anotherCloudly.register))(
    'with the outcome $kind in the state $node: $expected',
    ({ kind, node, expected, outcome }) => {
      // A registered node registers when all its tokens were refused.
      const credential = node === 'registered' || node === 'unregistered' ? 'registration-key' : 'current';
      // A legacy answer is taken only while no protocol 1 was spoken.
      const legacy = kind === 'accepted-legacy';
      const before = turn({ node, credential }, { identity: identity({ nodeToken: token, legacy }) });
      expect(summary(afterRegister(before, outcome))).toBe(expected);
    },
  );
});

describe('a heartbeat', () => {
  test.each(
    cells(heartbeatExpectations, heartbeatOutcomes as Record<string, HeartbeatOutcome>, anotherCloudly.heartbeat),
  )('with the outcome $kind in the state $node: $expected', ({ kind, node, expected, outcome }) => {
    const legacy = kind === 'accepted-legacy';
    const before = turn({ node }, { identity: identity({ nodeToken: token, legacy }) });
    expect(summary(afterHeartbeat(before, outcome))).toBe(expected);
  });

  test.each(Object.values(heartbeatOutcomes))('counts as failed or not with the outcome $kind', (outcome) => {
    const after = afterHeartbeat(turn({ failedHeartbeats: 2 }), outcome).state.failedHeartbeats;
    const expected = { accepted: 0, aborted: 2 }[outcome.kind as string] ?? 3;
    expect(after).toBe(expected);
  });
});

test.each(Object.keys(problems) as ProblemCode[])(
  'the problem %s is reported in the contract’s words, with a remedy',
  (code) => {
    expect(problemOf({ kind: 'refused', problem: problem(code) })).toEqual({
      code,
      message: expect.stringContaining(problems[code].title),
      remedy: problems[code].remedy,
    });
  },
);
