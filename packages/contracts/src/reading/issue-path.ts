import { heartbeatAnswerSchema, heartbeatRequestSchema } from '../messages/heartbeat.js';
import { problemSchema } from '../messages/problem.js';
import { registerAcceptedSchema, registerPendingSchema, registerRequestSchema } from '../messages/register.js';

/**
 * Where an issue is, in the contract's own words: `status.supervisor.apps.0.name`. Any other key was chosen by the
 * sender, may be a secret or very long, and is shown as `*`.
 */
export function issuePath(keys: readonly unknown[]): string {
  return keys.map((key) => (typeof key === 'number' || isContractName(key) ? String(key) : '*')).join('.');
}

function isContractName(key: unknown): boolean {
  return typeof key === 'string' && contractNames.has(key);
}

/** The parts of schemas that contain names. */
interface SchemaPart {
  entries?: Record<string, SchemaPart>;
  options?: readonly (SchemaPart | string)[];
  item?: SchemaPart;
  wrapped?: SchemaPart;
  pipe?: readonly SchemaPart[];
  metadata?: { items?: SchemaPart };
}

function namesIn({ entries = {}, options = [], item, wrapped, pipe = [], metadata }: SchemaPart): string[] {
  const inner = [...options.filter((option) => typeof option === 'object'), item, wrapped, metadata?.items];
  // The first part of a pipe is the schema itself.
  const parts = [...Object.values(entries), ...inner, ...pipe.slice(1)];
  return [...Object.keys(entries), ...parts.flatMap((part) => (part ? namesIn(part) : []))];
}

const messages = [
  registerRequestSchema,
  registerAcceptedSchema,
  registerPendingSchema,
  heartbeatRequestSchema,
  heartbeatAnswerSchema,
  problemSchema,
] as readonly SchemaPart[];

const contractNames: ReadonlySet<string> = new Set(messages.flatMap(namesIn));
