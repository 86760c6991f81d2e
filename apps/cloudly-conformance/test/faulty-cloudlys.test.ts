import { describe, expect, test, vi } from 'vitest';
import { contract } from '../src/rules/contract.js';
import type { Rule } from '../src/rule/rule.js';
import { everyAnswer } from '../src/rules/every-answer.js';
import { malformedMessages } from '../src/rules/malformed-messages.js';
import { type ConformanceOptions, runConformance } from '../src/run/run-conformance.js';
import { startCloudly } from './cloudly-under-test.js';
import { answerFaults } from './faults/answer-faults.js';
import type { Fault } from './faults/fault.js';
import { commandFaults } from './faults/command-faults.js';
import { heartbeatFaults } from './faults/heartbeat-faults.js';
import { lateHeartbeatFaults } from './faults/late-heartbeat-faults.js';
import { nodeTokenFaults } from './faults/node-token-faults.js';
import { statusFaults } from './faults/status-faults.js';
import { suspectedNodeFaults } from './faults/suspected-node-faults.js';
import { suspicionFaults } from './faults/suspicion-faults.js';
import { cloneFaults } from './faults/clone-faults.js';
import { nodeFaults } from './faults/node-faults.js';
import { registerFaults } from './faults/register-faults.js';
import { wireFaults } from './faults/wire-faults.js';

// A run has hundreds of requests.
vi.setConfig({ testTimeout: 120_000 });

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
  ...answerFaults,
];
const ruleNames = contract.flatMap(({ rules }) => rules.map(({ name }) => name));

/** All sections that a fault affects: no other rule in them may fail. */
function scopeOf({ breaks, timeoutMs, isLate = false }: Fault): Partial<ConformanceOptions> {
  const isBroken = ({ name }: Rule): boolean => breaks.includes(name);
  const concerned = contract.filter(({ rules }) => rules.some(isBroken));
  // The last one judges the results of the others. The largest of those adds nothing to them.
  if (isLate || concerned.includes(everyAnswer)) {
    return { sections: contract.filter((section) => section !== malformedMessages || concerned.includes(section)) };
  }
  if (timeoutMs === undefined) return { sections: concerned };
  // Where silence is the fault, nothing else may depend on the time that is waited for it.
  const sections = concerned.map(({ title, rules }) => ({ title, rules: rules.filter(isBroken) }));
  return { sections, timeoutMs };
}

describe('a Cloudly that', () => {
  test.each(faults)('$name: is caught', async (fault) => {
    const { breaks, alter } = fault;
    const results = await runConformance({ ...(await startCloudly(alter)), ...scopeOf(fault) });
    const failed = results.filter(({ verdict }) => verdict !== 'holds');
    const expected = failed.filter(({ name, verdict }) => breaks.includes(name) && verdict === 'fails');
    expect(failed).toEqual(expected);
    expect(failed.map(({ name }) => name).toSorted()).toEqual(breaks.toSorted());
  });
});

test('every rule can fail', () => {
  const broken = new Set(faults.flatMap(({ breaks }) => breaks));
  expect(ruleNames.filter((name) => !broken.has(name))).toEqual([]);
});

test('no two rules share a name', () => {
  expect(new Set(ruleNames).size).toBe(ruleNames.length);
});
