import { limits } from '@serve.zone/baseos-contracts';
import { expectAdmitted, expectProblem, expectTaken } from '../../rule/expectations.js';
import { withMember } from '../../rule/both-endpoints.js';
import type { Rule } from '../../rule/rule.js';
import { lists } from './spoil-body.js';

/** Bodies that can be read, however strange they look. */
export const readableBodies: readonly Rule[] = [
  {
    name: 'at-the-limits',
    cites: ['J-2', 'J-5'],
    rule: `nesting of ${limits.bodyMaxDepth} and strings of ${limits.stringMaxLength} pass`,
    run: async ({ resident, send }) => {
      const { nodeToken, heartbeat } = await resident();
      const notes = {
        nesting: lists(limits.bodyMaxDepth - 1),
        'a string': `"${'x'.repeat(limits.stringMaxLength)}"`,
        'a string of characters beyond U+FFFF': `"${'\u{1f9ca}'.repeat(limits.stringMaxLength)}"`,
      };
      for (const [what, note] of Object.entries(notes)) {
        const body = withMember(JSON.stringify(heartbeat()), `"note":${note}`);
        expectTaken(await send({ endpoint: 'heartbeat', credential: nodeToken, body }), `with ${what}`);
      }
    },
  },
  {
    name: 'key-named-twice',
    cites: ['J-6'],
    rule: 'if a key occurs twice in an object, the last one counts, or the message is answered 400 malformed-request',
    run: async ({ resident, send }) => {
      const { nodeToken, heartbeat } = await resident();
      const say = (body: string) => send({ endpoint: 'heartbeat', credential: nodeToken, body });
      const spoiltLast = `${JSON.stringify(heartbeat()).slice(0, -1)},"sequence":0}`;
      expectProblem(await say(spoiltLast), 'malformed-request', 'to a good sequence and a bad one after it');
      const answer = await say(withMember(JSON.stringify(heartbeat()), '"sequence":0'));
      if (answer.status !== 200)
        expectProblem(answer, 'malformed-request', 'to a bad sequence and a good one after it');
    },
  },
  {
    name: 'number-forms',
    cites: ['J-7'],
    rule: 'a whole number counts by its value, not by how it is written, and 2^53 - 1 is the largest',
    run: async ({ enrol, send }) => {
      const { nodeToken, heartbeat } = await enrol();
      const written = (sequence: string) => {
        const body = JSON.stringify(heartbeat()).replace(/"sequence":\d+/, `"sequence":${sequence}`);
        return send({ endpoint: 'heartbeat', credential: nodeToken, body });
      };
      for (const sequence of ['10.0', '1.1e1', '120E-1', '9007199254740991']) {
        expectTaken(await written(sequence), `to a sequence of ${sequence}`);
      }
      for (const sequence of ['9007199254740992', '1e400']) {
        expectProblem(await written(sequence), 'malformed-request', `to a sequence of ${sequence}`);
      }
    },
  },
  {
    name: 'unknown-keys-pass',
    cites: ['J-11', 'J-12'],
    rule: 'keys and words of a newer node pass, including those with a meaning in JavaScript',
    run: async ({ newNode, register, heartbeat, joinToken }) => {
      const node = newNode();
      const newer = {
        constructor: { name: 'x' },
        prototype: 1,
        toString: 'x',
        hasOwnProperty: null,
        newerMember: [],
      };
      const { status: known } = node.registration();
      const status = {
        ...known,
        ...newer,
        host: { ...known.host, ...newer },
        supervisor: { state: 'of-a-newer-node', ...newer },
        acceptedCommands: ['of-a-newer-node'],
      };
      const registration = { ...node.registration(), ...newer, status };
      const nodeToken = expectAdmitted(await register(registration, joinToken), 201, 'to a registration');
      const message = { ...node.fullHeartbeat(), ...newer, status };
      expectTaken(await heartbeat(message, nodeToken), 'to a heartbeat');
    },
  },
];
