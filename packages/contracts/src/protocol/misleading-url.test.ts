import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { misleadingUrl } from './misleading-url.js';

describe('a URL', () => {
  test.each([
    'https://cloudly.example',
    'HTTPS://Cloudly.Example/',
    'http://127.0.0.1:8437',
    'http://[::1]:8437/tenant/a',
    'http://[::ffff:127.0.0.1]',
    'https://küche.example:8443',
    'https://xn--kche-0ra.example',
    'https://cloudly_one.example/.well-known',
    'http://user:pass@proxy.example:3128',
    'https://cloudly.example:443',
  ])('leads where it says: %s', (text) => expect(misleadingUrl(text)).toBeUndefined());

  test.each([
    ['https://cloudly.example:0', /port 0/],
    ['http://cloudly.example:00000/', /port 0/],
    ['http://[::1]:0', /port 0/],
    ['http://user:pass@proxy.example:0', /port 0/],
    ['https://cloudly.example:', /no port/],
    ['https://cloudly.example:/tenant', /no port/],
    ['https://cloudly.example:65536', /is not a URL/],
    ['https:cloudly.example', /does not begin/],
    ['https:/cloudly.example', /does not begin/],
    ['https:///cloudly.example', /no host/],
    ['https://', /no host/],
    ['https://:8443', /no host/],
    ['https://user@', /no host/],
    ['http://1', /four decimal numbers/],
    ['http://10.1', /four decimal numbers/],
    ['http://127.1', /four decimal numbers/],
    ['http://2130706433', /four decimal numbers/],
    ['http://0x7f.1', /four decimal numbers/],
    ['http://010.0.0.1', /four decimal numbers/],
    ['http://10.0.0.1.', /dot at the end/],
    ['https://cloudly.example.', /dot at the end/],
    ['https://${CLOUDLY_HOST}', /host that is not a valid name/],
    ['https://$CLOUDLY_HOST:8443', /host that is not a valid name/],
    ['https://{{host}}/tenant', /host that is not a valid name/],
    ['https://*.example', /host that is not a valid name/],
    ['https://cloudly.example;', /host that is not a valid name/],
    ['https://cloudly.example,other.example', /host that is not a valid name/],
    ['https://.cloudly.example', /host that is not a valid name/],
    ['https://cloudly..example', /host that is not a valid name/],
    ['http://http=proxy:3128', /host that is not a valid name/],
    ['https://cloudly%2eexample', /percent sign/],
    ['https://%63loudly.example', /percent sign/],
    ['https://cloudly。example', /look-alike characters/],
    ['http://①②⑦.0.0.1', /four decimal numbers/],
    ['https://①.example', /look-alike characters/],
    ['https://ｃloudly.example', /look-alike characters/],
    ['https://cloud\u00ADly.example', /control character/],
    ['https://cloud\u200Bly.example', /control character/],
    ['https://cloudly.example\r', /control character/],
    [' https://cloudly.example', /space/],
    ['https://cloud\tly.example', /control character/],
    ['https:\\\\cloudly.example', /backslash/],
    ['https://cloudly.example/a/../b', /\. or \.\. segment/],
    ['https://cloudly.example/%2e%2E/b', /\. or \.\. segment/],
    ['https://cloudly.example/.', /\. or \.\. segment/],
  ])('misleads: %j', (text, problem) => expect(misleadingUrl(text)).toMatch(problem));

  test('that does not mislead has the host and port written in it', () => {
    const part = fc.string({ unit: fc.constantFrom(...Array.from('a1.0x:%@/\\-[]~ \t。ｃ\u00AD')), maxLength: 12 });
    fc.assert(
      fc.property(part, (rest) => {
        const text = `http://${rest}`;
        if (misleadingUrl(text) !== undefined) return;
        const { host } = new URL(text);
        const written = rest
          .replace(/\/.*$/, '')
          .replace(/^.*@/, '')
          .replace(/:0*80$/, '')
          .replace(/:0+/, ':');
        expect(host.startsWith('[') || host).toBe(host.startsWith('[') || written);
      }),
      { numRuns: 2000 },
    );
  });
});
