import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { deriveSecret } from '../packages/cloudly-handlers/src/webhooks/derive-secret.js';
import { signDelivery } from '../packages/cloudly-handlers/src/webhooks/sign-delivery.js';
import { describe, expect, test } from 'vitest';
import { root } from '../scripts/published-packages.mjs';

type IsGenuine = (headers: Record<string, string | undefined>, body: string, secret: string, nowMs?: number) => boolean;

const page = readFileSync(join(root, 'docs/webhooks.md'), 'utf8');
const NOW_MS = Date.UTC(2026, 10, 27, 6);

/** The code of the page that has this in it, as a module. */
async function moduleWith(text: string): Promise<Record<string, unknown>> {
  const codes = [...page.matchAll(/```ts\n(.*?)```/gs)].map(([, each = '']) => each);
  const code = codes.find((each) => each.includes(text));
  const source = Buffer.from(stripTypeScriptTypes(code ?? '')).toString('base64');
  return (await import(`data:text/javascript;base64,${source}`)) as Record<string, unknown>;
}

describe('the receiver of docs/webhooks.md', () => {
  const body = '{"type":"node-offline","data":{"node":{"name":"Straße"}}}';

  test('takes what Cloudly has sent, also with two signatures, and nothing else', async () => {
    const isGenuine = (await moduleWith('isGenuine'))['isGenuine'] as IsGenuine;
    const key = new Uint8Array(32).fill(7);
    const [secret, other] = [await deriveSecret(key, 'w', 1), await deriveSecret(key, 'w', 2)];
    const headers = await signDelivery({ id: 'msg_1', atMs: NOW_MS, body }, [other, secret]);
    expect(isGenuine(headers, body, secret, NOW_MS)).toBe(true);
    expect(isGenuine(headers, body, other, NOW_MS)).toBe(true);
    expect(isGenuine(headers, body.replace('Straße', 'Strasse'), secret, NOW_MS)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-id': 'msg_2' }, body, secret, NOW_MS)).toBe(false);
    expect(isGenuine({ ...headers, 'webhook-signature': undefined }, body, secret, NOW_MS)).toBe(false);
    expect(isGenuine(headers, body, await deriveSecret(key, 'w', 3), NOW_MS)).toBe(false);
    expect(isGenuine(headers, body, secret, NOW_MS + 600_000)).toBe(false);
  });

  test('is shown a body in the form in which Cloudly sends it', () => {
    const [shown] = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, each = '']) => each);
    const { data, ...rest } = JSON.parse(shown ?? '') as { data: Record<string, unknown> };
    expect(Object.keys(rest)).toEqual(['type', 'timestamp']);
    const members = ['cloudlyId', 'epoch', 'position', 'actor', 'nodeId', 'node', 'details'];
    expect(Object.keys(data)).toEqual(members);
  });
});
