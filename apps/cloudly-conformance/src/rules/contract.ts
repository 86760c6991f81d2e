import type { Rule, Section } from '../rule/rule.js';
import { approval } from './approval.js';
import { commands } from './commands.js';
import { copiedDisks } from './copied-disks.js';
import { everyAnswer } from './every-answer.js';
import { heartbeat } from './heartbeat.js';
import { identity } from './identity.js';
import { malformedMessages } from './malformed-messages.js';
import { messageFraming } from './message-framing.js';
import { nodeTokens } from './node-tokens.js';
import { recovery } from './recovery.js';
import { registration } from './registration.js';
import { revocation } from './revocation.js';
import { waking } from './waking.js';

/** The rules of the contract that a node can check, in the order in which they are tried. */
export const contract: readonly Section[] = [
  messageFraming,
  malformedMessages,
  identity,
  registration,
  approval,
  revocation,
  heartbeat,
  nodeTokens,
  copiedDisks,
  commands,
  waking,
  recovery,
  everyAnswer,
];

/** The part of the contract that tries a rule of this number, or whose rules' names or sections' titles have this text in them. */
export function contractWith(text: string): readonly Section[] {
  return contract.flatMap(({ title, rules }) => {
    const isWhole = title.toLowerCase().includes(text.toLowerCase());
    const found = isWhole ? rules : rules.filter(isRuleNumber(text) ? citing(text.toUpperCase()) : named(text));
    return found.length === 0 ? [] : [{ title, rules: found }];
  });
}

/** Whether the text has the form of a rule's number. */
export function isRuleNumber(text: string): boolean {
  return /^[a-z]-\d+$/i.test(text);
}

function citing(number: string) {
  return ({ cites }: Rule): boolean => cites.some((cited) => cited === number);
}

function named(text: string) {
  return ({ name }: Rule): boolean => name.includes(text);
}
