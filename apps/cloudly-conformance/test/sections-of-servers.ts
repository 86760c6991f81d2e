import type { Section } from '../src/rule/rule.js';
import { contract } from '../src/rules/contract.js';

/** Cloudly itself judges these alone, from a message that it has read: the web server in front of it has no part in them. */
const judgedBehindServers = new Set([
  'Identity',
  'Register',
  'Approval',
  'Revocation',
  'Heartbeat',
  'Node tokens',
  'Copied disks',
  'Commands',
  'Recovery',
]);

/** Of those, the ones that the server can break, or that bring about a kind of answer that is judged in itself. */
const judgedNonetheless = new Set([
  'token-before-body',
  'pending',
  'still-pending',
  'command-listed',
  'updates-in-every-answer',
]);

/** What the web server in front of a Cloudly may break. */
export const sectionsOfServers: readonly Section[] = contract.map(({ title, rules }) => ({
  title,
  rules: rules.filter(({ name }) => !judgedBehindServers.has(title) || judgedNonetheless.has(name)),
}));
