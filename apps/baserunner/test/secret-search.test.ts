import { describe, expect, test } from 'vitest';
import { SecretSearch } from './secret-search.js';

const secret = 'Zq7xW2mK9vT4pL8sR3nB6yH1';
const search = new SecretSearch({ key: secret });

function latin(text: string, encoding: BufferEncoding): string {
  return Buffer.from(text, 'latin1').toString(encoding);
}

describe('the search for secrets detects', () => {
  test.each<[string, string]>([
    ['plain', secret],
    ['plain', `Bearer ${secret.slice(0, 8)}...`],
    ['plain', `...${secret.slice(-8)}`],
    ['reversed', Array.from(secret).toReversed().join('')],
    ['base64', latin(secret, 'base64')],
    ['base64', latin(`agent:${secret}`, 'base64')],
    ['base64', latin(`x${secret.slice(3, 13)}yz`, 'base64')],
    ['hex', latin(secret, 'hex')],
    ['hex', latin(secret.slice(5, 13), 'hex').toUpperCase()],
    ['URL-encoded', Array.from(secret, (character) => `%${latin(character, 'hex')}`).join('')],
    ['JSON-escaped', Array.from(secret, (character) => `\\u00${latin(character, 'hex')}`).join('')],
  ])('%s: %s', (encoding, text) => {
    expect(search.find(`before ${text} after`)).toContainEqual({ secret: 'key', encoding });
  });

  test('URL-safe base64 too', () => {
    const odd = new SecretSearch({ key: '>?>?>?>?>?>?>?>?' });
    expect(odd.find(latin('>?>?>?>?>?>?>?>?', 'base64url'))).toContainEqual({ secret: 'key', encoding: 'base64url' });
  });
});

describe('the search for secrets detects nothing', () => {
  test.each(['', 'nothing to see', secret.slice(0, 7), 'Zq7xW2m K9vT4pL', '[redacted]'])('in %j', (text) => {
    expect(search.find(text)).toEqual([]);
  });

  test('in the part of a token that names it', () => {
    const token = new SecretSearch({ token: `bjt_0123456789a_${secret}` });
    expect(token.find('join token bjt_0123456789a_ has expired')).toEqual([]);
    expect(token.find(`bjt_0123456789a_${secret}`)).toHaveLength(1);
  });
});
