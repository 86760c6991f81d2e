import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pseudonyms } from './pseudonyms.js';

const none = { hostnames: [], deviceUuids: [] };
const octet = fc.nat(255).map((value) => value.toString(16).padStart(2, '0'));
const mac = fc
  .tuple(fc.array(octet, { minLength: 6, maxLength: 6 }), fc.constantFrom(':', '-'))
  .map(([octets, separator]) => octets.join(separator));
const isOfNobody = (address: string): boolean => /^127\.|^0\.0\.0\.0$|^::1?$/.test(address);

describe('pseudonyms', () => {
  it('take the place of whatever tells whose device it is, the same for the same', () => {
    const pseudonyms = new Pseudonyms({ hostnames: ['kitchen-pi'], deviceUuids: ['abcdef0123456789'] });
    const status = {
      host: { hostname: 'kitchen-pi' },
      device: { uuid: 'abcdef0123456789' },
      addresses: ['192.168.1.17', 'fe80::1%eth0', 'DC:A6:32:01:02:03'],
      log: 'kitchen-pi at 192.168.1.17:48484 (dc:a6:32:01:02:03), http://[fd00::17]:80/, not kitchen-pie.',
      version: '19.0.5',
      at: '2026-11-27T08:04:53.869Z',
    };
    expect(pseudonyms.replaceIn(status)).toEqual({
      host: { hostname: '<host 1>' },
      device: { uuid: '<device 1>' },
      addresses: ['<ip 1>', '<ip 2>', '<mac 1>'],
      log: '<host 1> at <ip 1>:48484 (<mac 1>), http://[<ip 3>]:80/, not kitchen-pie.',
      version: '19.0.5',
      at: '2026-11-27T08:04:53.869Z',
    });
    expect(pseudonyms.counts).toEqual({ host: 1, device: 1, ip: 3, mac: 1 });
  });

  it('leave what is nobody in particular', () => {
    const text = 'http://127.0.0.1:8080 and [::1]:80 on localhost, 0.0.0.0, ::, 10:20:30 o’clock, a::b is C++';
    expect(new Pseudonyms({ ...none, hostnames: ['localhost'] }).replaceIn(text)).toBe(text.replace('a::b', '<ip 1>'));
  });

  it('leave no address, wherever it stands in a text', () => {
    const around = fc.constantFrom('', ' ', ', ', '(', ')', '"', '=', '/', '[', ']', '\n', '. ', 'at ');
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), mac);
    fc.assert(
      fc.property(fc.array(fc.tuple(around, address), { minLength: 1, maxLength: 5 }), around, (parts, end) => {
        const text = parts.map(([before, each]) => ` ${before}${each}`).join('') + end;
        const words = new Set(new Pseudonyms(none).replaceIn(text).split(/[\s(),"=/[\]]+/));
        const telling = parts.map(([, each]) => each).filter((each) => !isOfNobody(each));
        expect(telling.filter((each) => words.has(each))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });
});
