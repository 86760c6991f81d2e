import { expect, test } from 'vitest';
import { nodeRecord } from '../stores/suite/fixtures.js';
import { activateToken } from './node-transition.js';

test('the first use of a token settles a decision, and keeps details that a newer version recorded', () => {
  const token = { id: 't', hash: 'h', issuedAtMs: 1 };
  const noted: object = { site: 'Zürich' };
  const cloneResolution = { atMs: 7, claimantBootIds: ['boot-2'], ...noted };
  const node = nodeRecord('n', { nextToken: token, cloneResolution, ...noted });
  const activated = activateToken(node, token.hash);
  expect(activated).toMatchObject({ currentToken: token, ...noted });
  expect(activated.cloneResolution).toEqual({ atMs: 7, ...noted });
});
