import { nodeIdSchema, nodeTokenSchema } from '@serve.zone/baseos-contracts';
import * as v from 'valibot';
import { Secret } from '../values/secret.js';

/** All that a legacy state file says about a node. */
export interface LegacyState {
  nodeId: string;
  nodeToken?: Secret | undefined;
}

/** Whether a state file of this content is a legacy one, or none at all: every later format has these members. */
export function isLegacyContent(content: object): boolean {
  return !('format' in content) && !('checksum' in content);
}

/** `{ nodeId, nodeToken? }`; `undefined` where the content is something else. */
export function parseLegacyState(content: object): LegacyState | undefined {
  const parsed = v.safeParse(legacySchema, content);
  if (!parsed.success) return undefined;
  const { nodeId, nodeToken } = parsed.output;
  return { nodeId, nodeToken: nodeToken === undefined ? undefined : new Secret(nodeToken) };
}

const legacySchema = v.object({
  nodeId: nodeIdSchema,
  // A token that cannot be sent counts as absent.
  nodeToken: v.fallback(v.optional(nodeTokenSchema), undefined),
});
