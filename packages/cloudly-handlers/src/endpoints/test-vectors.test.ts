import { endpoints } from '@serve.zone/baseos-contracts';
import vectors from '@serve.zone/baseos-contracts/test-vectors.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { createCloudly } from '../../test/fixtures/cloudly.js';
import { createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import { createMemoryStore } from '../stores/memory/memory-store.js';

async function register(headers: Record<string, string>): Promise<unknown> {
  const cloudly = createCloudly(createMemoryStore());
  const body = JSON.stringify(createEmulatedNode().registration());
  const url = `https://cloudly.example${endpoints.register.path}`;
  const response = await cloudly.fetch(new Request(url, { method: 'POST', headers, body }));
  return ((await response.json()) as { code?: unknown }).code;
}

describe('by the test vectors of the protocol', () => {
  test.each(vectors.authorizations)('the header "$authorization" gives the token $token', async (vector) => {
    const { authorization, token } = vector;
    const code = await register({ 'content-type': 'application/json', authorization });
    expect(code).toBe(token === null ? 'join-token-missing' : 'join-token-unknown');
  });

  test.each(vectors.contentTypes)(
    'the content type $contentType is accepted: $taken',
    async ({ contentType, taken }) => {
      const code = await register({ 'content-type': contentType });
      expect(code).toBe(taken ? 'join-token-missing' : 'unsupported-media-type');
    },
  );
});
