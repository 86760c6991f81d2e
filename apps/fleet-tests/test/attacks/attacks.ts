import { type Attack, refusals } from './attack.js';
import { bodyAttacks } from './body-attacks.js';
import { framingAttacksOn } from './framing-attacks.js';
import { idAttacks } from './id-attacks.js';
import { head, newRegistration, registerPath } from './request-bytes.js';
import { sizeAttacks } from './size-attacks.js';
import { tokenAttacks } from './token-attacks.js';

const bodies = bodyAttacks.map(({ name, bytes, refusal, mayBeCutOff = false }): Attack => ({
  name,
  mayBeCutOff,
  bytes: ({ joinToken: token }) => {
    const message = JSON.stringify(newRegistration());
    return bytes({ method: 'POST', path: registerPath, host: 'cloudly.example', token, message });
  },
  refusal: refusals[refusal],
}));

const lostRequests: readonly Attack[] = [
  {
    name: 'another method',
    bytes: () => [head(registerPath, {}, { method: 'DELETE' })],
    refusal: [405, 'method-not-allowed'],
  },
  {
    name: 'another path',
    bytes: () => [head('/../../etc/passwd', { 'Content-Length': 0 })],
    refusal: [404, 'not-found'],
  },
];

export const attacks: readonly Attack[] = [
  ...tokenAttacks,
  ...bodies,
  ...sizeAttacks,
  ...idAttacks,
  ...framingAttacksOn(registerPath),
  ...lostRequests,
];
