import { heartbeatAnswerSchema, heartbeatRequestSchema } from '../messages/heartbeat.js';
import { problemSchema } from '../messages/problem.js';
import { namesIn } from './schema-names.js';
import { registerAcceptedSchema, registerPendingSchema, registerRequestSchema } from '../messages/register.js';

/**
 * Where an issue is, in the contract's own words: `status.supervisor.apps.0.name`. Any other key was chosen by the
 * sender, may be a secret or very long, and is shown as `*`.
 *
 * @param names the words, of another contract
 */
export function issuePath(keys: readonly unknown[], names: ReadonlySet<string> = contractNames): string {
  const isName = (key: unknown): boolean => typeof key === 'string' && names.has(key);
  return keys.map((key) => (typeof key === 'number' || isName(key) ? String(key) : '*')).join('.');
}

const messages = [
  registerRequestSchema,
  registerAcceptedSchema,
  registerPendingSchema,
  heartbeatRequestSchema,
  heartbeatAnswerSchema,
  problemSchema,
];

const contractNames: ReadonlySet<string> = new Set(messages.flatMap((message) => namesIn(message)));
