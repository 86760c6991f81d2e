import { createHmac, hkdfSync } from 'node:crypto';
import { assert, asyncProperty, string, uint8Array } from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import { attemptDelivery } from './attempt-delivery.js';
import { deriveSecret, keyFingerprint } from './derive-secret.js';
import { signDelivery } from './sign-delivery.js';
import { OLD_SECRET_SIGNS_MS, signingVersions } from './signing-versions.js';
import type { WebhookRequest } from './webhook-sender.js';

const serverKey = Uint8Array.from({ length: 32 }, (_, index) => index);
const NOW_MS = Date.UTC(2026, 10, 27, 6);

test('a secret follows from the server key, the webhook and the version, by HKDF', async () => {
  const secret = await deriveSecret(serverKey, 'w', 1);
  const info = 'serve.zone baseos webhook secret w 1';
  const expected = Buffer.from(hkdfSync('sha256', serverKey, '', info, 32)).toString('base64');
  expect(secret).toBe(`whsec_${expected}`);
  const others = [
    deriveSecret(serverKey, 'w', 2),
    deriveSecret(serverKey, 'v', 1),
    deriveSecret(new Uint8Array(32), 'w', 1),
  ];
  expect(new Set([secret, ...(await Promise.all(others))]).size).toBe(4);
});

test('a fingerprint tells two keys apart, and has nothing of a secret', async () => {
  expect(await keyFingerprint(serverKey)).toMatch(/^[\da-f]{16}$/);
  expect(await keyFingerprint(serverKey)).not.toBe(await keyFingerprint(new Uint8Array(32)));
});

test('a signature is the one of the standard', async () => {
  // The example of the specification.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const content = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', atMs: 1_614_265_330_000, body: '{"test": 2432232314}' };
  expect(await signDelivery(content, [secret])).toEqual({
    'webhook-id': content.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('whatever is sent, the reference library verifies it, and nothing else', async () => {
  await assert(
    asyncProperty(string({ unit: 'binary' }), uint8Array({ minLength: 32, maxLength: 32 }), async (text, key) => {
      const secret = await deriveSecret(key, 'w', 1);
      const body = JSON.stringify({ text: text.toWellFormed() });
      const headers = await signDelivery({ id: 'msg_1', atMs: Date.now(), body }, [secret]);
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow('No matching signature found');
      const digest = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'));
      const content = `msg_1.${headers['webhook-timestamp']}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${digest.update(content).digest('base64')}`);
    }),
    { numRuns: howMany(20, 500) },
  );
});

test('for a day after a rotation, the secret before signs, too', async () => {
  const webhook = { secretVersion: 3, secretChangedAtMs: NOW_MS };
  expect(signingVersions(webhook, NOW_MS + OLD_SECRET_SIGNS_MS - 1)).toEqual([3, 2]);
  expect(signingVersions(webhook, NOW_MS + OLD_SECRET_SIGNS_MS)).toEqual([3]);
  expect(signingVersions({ ...webhook, secretVersion: 1 }, NOW_MS)).toEqual([1]);
});

test('an attempt right after a rotation is verified by both secrets', async () => {
  const requests: WebhookRequest[] = [];
  const webhook = {
    id: 'w',
    revision: 1,
    name: 'w',
    url: 'https://hooks.example/',
    createdBy: 'system',
    createdAtMs: NOW_MS,
    secretVersion: 2,
    secretChangedAtMs: Date.now(),
    keyFingerprint: 'f',
  } as const;
  const sender = {
    async send(request: WebhookRequest) {
      requests.push(request);
      return { status: 200 };
    },
  };
  await attemptDelivery(webhook, { id: 'msg_1', body: '{}' }, { serverKey, sender, now: Date.now });
  const [request] = requests;
  expect(request?.headers['content-type']).toBe('application/json');
  for (const version of [1, 2]) {
    const verifier = new Webhook(await deriveSecret(serverKey, 'w', version));
    expect(verifier.verify(request?.body ?? '', request?.headers ?? {})).toEqual({});
  }
  const third = new Webhook(await deriveSecret(serverKey, 'w', 3));
  expect(() => third.verify(request?.body ?? '', request?.headers ?? {})).toThrow('No matching signature found');
});
