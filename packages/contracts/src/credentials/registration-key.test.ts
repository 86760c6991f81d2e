import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { approvalCode, deriveRegistrationKey, parseApprovalCode } from '../index.js';

const nodeSecret = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes));

test('the registration key is base64url(HMAC-SHA-256(nodeSecret, origin))', async () => {
  await fc.assert(
    fc.asyncProperty(nodeSecret, fc.webUrl(), async (secret, url) => {
      const { origin } = new URL(url);
      const expected = createHmac('sha256', secret).update(origin).digest('base64url');
      expect(await deriveRegistrationKey(secret, origin)).toBe(expected);
    }),
    { numRuns: 20 },
  );
});

test('two Cloudlys see different keys for one node', async () => {
  const secret = new Uint8Array(32).fill(7);
  const first = await deriveRegistrationKey(secret, 'https://a.example');
  expect(await deriveRegistrationKey(secret, 'https://b.example')).not.toBe(first);
});

test('the approval code is the first 80 bits of SHA-256 over the key, in Crockford base32, in groups', async () => {
  const registrationKey = 'q1Yt0m3hJ8n2XvKcB5dE7fG9aL4pR6sT8uW0yZ1xC3k';
  const firstBits = BigInt(`0x${createHash('sha256').update(registrationKey).digest('hex').slice(0, 20)}`);
  const code = await approvalCode(registrationKey);
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const bits = Array.from(code.replaceAll('-', ''), (letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, '0'),
  ).join('');
  expect(BigInt(`0b${bits}`)).toBe(firstBits);
});

test('an approval code is recognised however it is typed', async () => {
  const code = await approvalCode('some key');
  const asTyped = fc.tuple(fc.boolean(), fc.constantFrom('-', '', ' ', ' - ')).map(([isLower, between]) => {
    const text = code.replaceAll('-', between);
    return isLower ? text.toLowerCase() : text;
  });
  fc.assert(fc.property(asTyped, (typed) => parseApprovalCode(` ${typed} `) === code));
  expect(parseApprovalCode('oil0-OIL0-0000-0000')).toBe('0110-0110-0000-0000');
});

test('other text is not an approval code', () => {
  for (const typed of [
    '',
    '4T9W',
    '4T9W-0GZ7-KM2P-X6Q',
    '4T9W-0GZ7-KM2P-X6QAB',
    '4T9W-0GZ7-KM2P-X6QU',
    '4T9W_0GZ7_KM2P_X6QA',
  ])
    expect(parseApprovalCode(typed)).toBeUndefined();
});
