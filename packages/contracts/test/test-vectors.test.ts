import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import vectors from '../test-vectors.json' with { type: 'json' };
import {
  approvalCode,
  deriveRegistrationKey,
  nodeIdSchema,
  parseApprovalCode,
  parseHeartbeatRequest,
  parseRegisterRequest,
} from '../src/index.js';

describe('the test vectors of the protocol', () => {
  test.each(vectors.registrationKeys)(
    'give the key and the approval code of a node at $cloudlyOrigin',
    async (vector) => {
      const nodeSecret = Uint8Array.from(Buffer.from(vector.nodeSecretHex, 'hex'));
      const registrationKey = await deriveRegistrationKey(nodeSecret, vector.cloudlyOrigin);
      expect({
        registrationKey,
        registrationKeySha256Hex: createHash('sha256').update(registrationKey).digest('hex'),
        approvalCode: await approvalCode(registrationKey),
      }).toEqual({
        registrationKey: vector.registrationKey,
        registrationKeySha256Hex: vector.registrationKeySha256Hex,
        approvalCode: vector.approvalCode,
      });
    },
  );

  test.each(vectors.typedApprovalCodes)(
    'parse the approval code typed as "$typed"',
    ({ typed, approvalCode: code }) => {
      expect(parseApprovalCode(typed) ?? null).toBe(code);
    },
  );

  test.each(vectors.nodeIds)('compare the node ID "$nodeId"', ({ nodeId, comparedAs }) => {
    const parsed = v.safeParse(nodeIdSchema, nodeId);
    expect(parsed.success ? parsed.output : null).toBe(comparedAs);
  });

  test.each(vectors.bodies)('give the verdict on the body $body', ({ body, code, path, rule }) => {
    for (const parse of [parseRegisterRequest, parseHeartbeatRequest]) {
      const parsed = parse(body);
      const issues = path === undefined ? [] : [{ path, rule }];
      expect(parsed).toMatchObject({ ok: false, problem: { code } });
      const { problem } = parsed as Extract<typeof parsed, { ok: false }>;
      expect(problem.issues ?? []).toEqual(expect.arrayContaining(issues));
    }
  });
});
