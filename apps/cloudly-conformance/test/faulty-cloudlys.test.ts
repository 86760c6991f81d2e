import { describe, expect, test, vi } from 'vitest';
import { contract } from '../src/rules/contract.js';
import type { Rule } from '../src/rule/rule.js';
import { everyAnswer } from '../src/rules/every-answer.js';
import { malformedMessages } from '../src/rules/malformed-messages.js';
import { type ConformanceOptions, runConformance } from '../src/run/run-conformance.js';
import type { Alter } from './alteration.js';
import { cloudlyAtHand, startCloudly } from './cloudly-under-test.js';
import { answerFaults } from './faults/answer-faults.js';
import type { Fault } from './faults/fault.js';
import { commandFaults } from './faults/command-faults.js';
import { commandProgressFaults } from './faults/command-progress-faults.js';
import { heartbeatFaults } from './faults/heartbeat-faults.js';
import { lateHeartbeatFaults } from './faults/late-heartbeat-faults.js';
import { nodeTokenFaults } from './faults/node-token-faults.js';
import { statusFaults } from './faults/status-faults.js';
import { suspectedNodeFaults } from './faults/suspected-node-faults.js';
import { suspicionFaults } from './faults/suspicion-faults.js';
import { cloneFaults } from './faults/clone-faults.js';
import { nodeFaults } from './faults/node-faults.js';
import { registerFaults } from './faults/register-faults.js';
import { wakingFaults } from './faults/waking-faults.js';
import { wireFaults } from './faults/wire-faults.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 300_000 });

const faults = [
  ...wireFaults,
  ...registerFaults,
  ...nodeFaults,
  ...suspicionFaults,
  ...suspectedNodeFaults,
  ...cloneFaults,
  ...heartbeatFaults,
  ...statusFaults,
  ...lateHeartbeatFaults,
  ...nodeTokenFaults,
  ...commandFaults,
  ...commandProgressFaults,
  ...answerFaults,
];
const answerRules = new Set(everyAnswer.rules.map(({ name }) => name));
const ruleNames = contract.flatMap(({ rules }) => rules.map(({ name }) => name));

/** What brings about each kind of answer that is judged in itself: a success, commands, settings, a 202, a 401, a 405, and other problems. */
const answered = new Set([
  'other-scheme',
  'other-methods',
  'pending',
  'still-pending',
  'command-listed',
  'updates-in-every-answer',
]);

/** All sections that a fault affects: no other rule in them may fail. */
function scopeOf({ breaks, timeoutMs, isLate = false }: Fault): Partial<ConformanceOptions> {
  const isBroken = ({ name }: Rule): boolean => breaks.includes(name);
  const concerned = new Set(contract.filter(({ rules }) => rules.some(isBroken)));
  // It shows after any others; the largest section adds nothing to them.
  if (isLate) return { sections: contract.filter((section) => section !== malformedMessages) };
  // The last one judges the results of the others.
  const isJudged = concerned.has(everyAnswer);
  const sections = contract.map((section) => ({
    title: section.title,
    rules: section.rules.filter((rule) => {
      if (!concerned.has(section)) return isJudged && answered.has(rule.name);
      // Where silence is the fault, nothing else may depend on the time that is waited for it.
      return timeoutMs === undefined || isBroken(rule);
    }),
  }));
  return { sections, ...(timeoutMs !== undefined && { timeoutMs }) };
}

async function expectCaught(fault: Fault): Promise<void> {
  const { breaks, alter } = fault;
  // How a message comes shows on a socket.
  const open = wireFaults.includes(fault) ? startCloudly : cloudlyAtHand;
  const results = await runConformance({ ...(await open(alter)), ...scopeOf(fault) });
  const failed = results.filter(({ verdict }) => verdict !== 'holds');
  const expected = failed.filter(({ name, verdict }) => breaks.includes(name) && verdict === 'fails');
  expect(failed).toEqual(expected);
  expect(failed.map(({ name }) => name).toSorted()).toEqual(breaks.toSorted());
}

describe('a Cloudly that', () => {
  test.each(faults)('$name: is caught', expectCaught);
  // Their rules wait for seconds.
  test.concurrent.each(wakingFaults)('$name: is caught', expectCaught);
});

test('faults that the rules for every answer catch, all at once, break none of the other rules', async () => {
  const formFaults = faults.filter(({ breaks }) => breaks.every((name) => answerRules.has(name)));
  // What one fault leaves out, none that comes after it puts back.
  const alter: Alter = (next, inside) => formFaults.reduceRight((altered, fault) => fault.alter(altered, inside), next);
  const results = await runConformance(await startCloudly(alter));
  const broken = new Set(formFaults.flatMap(({ breaks }) => breaks));
  expect(broken.size).toBeGreaterThan(10);
  const failed = results.filter(({ verdict }) => verdict !== 'holds');
  expect(failed.map(({ name, verdict }) => `${name} ${verdict}`).toSorted()).toEqual(
    [...broken].map((name) => `${name} fails`).toSorted(),
  );
});

test('every rule can fail', () => {
  const broken = new Set([...faults, ...wakingFaults].flatMap(({ breaks }) => breaks));
  expect(ruleNames.filter((name) => !broken.has(name))).toEqual([]);
});

test('no two rules share a name', () => {
  expect(new Set(ruleNames).size).toBe(ruleNames.length);
});
