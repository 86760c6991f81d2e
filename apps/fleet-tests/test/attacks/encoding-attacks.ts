import { gzipSync } from 'node:zlib';
import { type Attack, refusals } from './attack.js';
import {
  json,
  newRegistration,
  register,
  registerPath,
  registrationWith,
  request,
  sqlInjection,
} from './request-bytes.js';

/** What is not JSON in UTF-8 as the contract has it. */
export const encodingAttacks: readonly Attack[] = [
  {
    name: 'a compressed body',
    bytes: ({ joinToken }) =>
      request(registerPath, joinToken, gzipSync(JSON.stringify(newRegistration())), {
        ...json,
        'Content-Encoding': 'gzip',
      }),
    refusal: refusals.unsupported,
  },
  {
    name: 'a body that expands a thousandfold when decompressed',
    bytes: ({ joinToken }) =>
      request(registerPath, joinToken, gzipSync(' '.repeat(50_000_000)), { ...json, 'Content-Encoding': 'gzip' }),
    refusal: refusals.unsupported,
  },
  {
    name: 'a form',
    bytes: register('nodeId=x', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    refusal: refusals.unsupported,
  },
  {
    name: 'text',
    bytes: register(JSON.stringify(newRegistration()), { 'Content-Type': 'text/plain' }),
    refusal: refusals.unsupported,
  },
  { name: 'no content type', bytes: register(JSON.stringify(newRegistration()), {}), refusal: refusals.unsupported },
  {
    name: 'another charset',
    bytes: register('{}', { 'Content-Type': 'application/json; charset=utf-16' }),
    refusal: refusals.unsupported,
  },
  {
    name: 'malformed UTF-8',
    bytes: register(Buffer.concat([Buffer.from('{"nodeId":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}')])),
    refusal: refusals.malformed,
  },
  {
    name: 'overlong UTF-8',
    bytes: register(Buffer.concat([Buffer.from('{"nodeId":"'), Buffer.of(0xc0, 0xaf), Buffer.from('"}')])),
    refusal: refusals.malformed,
  },
  { name: 'U+0000', bytes: register(registrationWith(String.raw`"note":"a\u0000b"`)), refusal: refusals.malformed },
  {
    name: 'a lone surrogate',
    bytes: register(registrationWith(String.raw`"note":"\ud800"`)),
    refusal: refusals.malformed,
  },
  {
    name: 'surrogates in the wrong order',
    bytes: register(registrationWith(String.raw`"note":"\udc00\ud800"`)),
    refusal: refusals.malformed,
  },
  {
    name: 'the key __proto__',
    bytes: register(registrationWith('"__proto__":{"isAdmin":true}')),
    refusal: refusals.malformed,
  },
  {
    name: 'the key __proto__ in disguise',
    bytes: register(registrationWith(String.raw`"\u005f_proto__":{"isAdmin":true}`)),
    refusal: refusals.malformed,
  },
  { name: 'a list in the place of an object', bytes: register('[]'), refusal: refusals.malformed },
  {
    name: 'half a body',
    bytes: register(JSON.stringify(newRegistration()).slice(0, 200)),
    refusal: refusals.malformed,
  },
  {
    name: 'SQL as a node ID',
    bytes: register(JSON.stringify({ ...newRegistration(), nodeId: sqlInjection })),
    refusal: refusals.malformed,
  },
  {
    name: 'a path as a node ID',
    bytes: register(JSON.stringify({ ...newRegistration(), nodeId: '../../etc/passwd' })),
    refusal: refusals.malformed,
  },
];
