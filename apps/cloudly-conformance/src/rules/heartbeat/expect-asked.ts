import { describeAnswer } from '../../exchange/answer.js';
import { expectTaken } from '../../rule/expectations.js';
import { Mismatch } from '../../exchange/mismatch.js';
import type { RuleContext } from '../../rule/rule.js';

export function expectAsked(
  answer: Awaited<ReturnType<RuleContext['heartbeat']>>,
  isAsked: boolean,
  when: string,
): void {
  const { sendFullStatus } = expectTaken(answer, when);
  if ((sendFullStatus === true) === isAsked) return;
  throw new Mismatch(
    `${isAsked ? 'sendFullStatus: true' : 'no sendFullStatus'} ${when}`,
    `${describeAnswer(answer)} ${isAsked ? 'without it' : 'with sendFullStatus: true'}`,
  );
}
