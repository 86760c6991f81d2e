import { howMany } from '@serve.zone/baseos-testing/chance/how-many';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOwnWords } from '../../own-words-define.js';
import { Redaction } from './redaction.js';

const words = new Set(readOwnWords());

function redact(text: string, known: ConstructorParameters<typeof Redaction>[1] = []): string {
  return new Redaction(words, known).text(text);
}

const octet = fc.nat(255).map((value) => value.toString(16).padStart(2, '0'));
const mac = fc
  .tuple(fc.array(octet, { minLength: 6, maxLength: 6 }), fc.constantFrom(':', '-'))
  .map(([octets, separator]) => octets.join(separator));

function isOfNobody(address: string): boolean {
  return /^127\.|^0\.0\.0\.0$|^::1?$/.test(address);
}

describe('text of the program itself', () => {
  test.each([
    'Cloudly cannot be reached: nothing accepts connections there (ECONNREFUSED).',
    'Registered with Cloudly at http://127.0.0.1:8437/ as node.',
    'First heartbeat in 12 s.',
    "The device's clock is 3 years behind Cloudly's.",
    'The certificate is not accepted: UNABLE_TO_VERIFY_LEAF_SIGNATURE at 2026-11-29T13:18:30.385Z.',
    'Supervisor 19.0.5, balenaOS 6.5.10, v24.21.0, arm64, raspberrypi4-64.',
    'HTTP 503; Retry-After 30; http://127.0.0.1:48484 and [::1]:80 on localhost, 0.0.0.0.',
    'BASEOS_STATE_PATH is /data/baseos/state.json; /run/baseos, /dev/shm/baseos.',
    'Give the service the label io.balena.features.supervisor-api in docker-compose.yml.',
    '',
  ])('stays unchanged: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('text and names from others', () => {
  test.each<[text: string, expected: unknown]>([
    ['Ask Zdenka <zdenka.novak@shop-7.example>, +420 601 234 567', 'Ask <word 1> <<email 1>>, <number 1>'],
    [
      'https://anna:hunter2@cloudly.acme.internal:8443/tenants/acme?key=1',
      expect.stringMatching(/^https:\/\/\[redacted\]@<host 1>:8443\/<text 1>\/<text 2>\?<query 1>$/),
    ],
    ['getaddrinfo ENOTFOUND db.acme.internal', expect.stringMatching(/^<?.* ENOTFOUND <host 1>$/)],
    [
      'The certificate was issued by "CN=Acme Root, O=Acme" for *.acme.internal',
      expect.stringMatching(/issued by "<text 1>" for \*<?.*<host 1>$/),
    ],
    ['/home/zdenka/state.json and C:\\Users\\Zdenka\\state.json', '<path 1>/state.json and <path 2>\\state.json'],
    [
      'pull of registry.acme.internal/till/app@sha256:abcdef0123456789 denied',
      expect.stringMatching(/<host 1>\/<word \d>\/<email 1>:<word \d>/),
    ],
    [
      'Wi-Fi "Acme Guest" at 10.1.2.3 (dc:a6:32:01:02:03), fe80::1%wlan0',
      expect.stringMatching(/"<text 1>" at <ip 1> \(<mac 1>\), <ip 2>$/),
    ],
    ['node 0d7d0ba4-59b1-4b2f-a1a6-1f1b6f0f6a0d has bjt_0123456789a_secret', 'node <uuid 1> has [redacted]'],
    ['серийный 小明', '<word 1> <word 2>'],
  ])('is replaced: %s', (text, expected) => {
    expect(redact(text)).toEqual(expected);
  });

  test('gets one pseudonym wherever it appears', () => {
    const redaction = new Redaction(words, [
      { kind: 'host', value: 'kitchen-pi' },
      { kind: 'setting', value: 'The device of Zdenka' },
    ]);
    expect(redaction.text('kitchen-pi: Kitchen-Pi, the device of zdenka at http://kitchen-pi:80/')).toBe(
      '<host 1>: <host 1>, <setting 1> at http://<host 1>:80/',
    );
    expect(redaction.value('name', 'kitchen-pi')).toBe('<host 1>');
    expect(redaction.pseudonyms.counts).toEqual({ host: 1, setting: 1 });
  });

  test('leaves no address, wherever it appears in a text', () => {
    const around = fc.constantFrom('', ' ', ', ', '(', ')', '"', '=', '/', '[', ']', '\n', '. ', 'at ');
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), mac);
    fc.assert(
      fc.property(fc.array(fc.tuple(around, address), { minLength: 1, maxLength: 5 }), around, (parts, end) => {
        const text = parts.map(([before, each]) => ` ${before}${each}`).join('') + end;
        const left = new Set(redact(text).split(/[\s(),"=/[\]]+/));
        const telling = parts.map(([, each]) => each).filter((each) => !isOfNobody(each));
        expect(telling.filter((each) => left.has(each))).toEqual([]);
      }),
      { numRuns: howMany(200, 1000) },
    );
  });

  test('is replaced quickly, however long and odd the text is', () => {
    const long = (unit: string): string => unit.repeat(50_000 / unit.length);
    for (const unit of ['/', 'a/', ':', 'a:', '1 ', '"', '\\"', 'a.', '-', 'a@', 'x://', '0:0-']) {
      const startedMs = performance.now();
      redact(long(unit));
      expect(performance.now() - startedMs).toBeLessThan(5000);
    }
  });
});
