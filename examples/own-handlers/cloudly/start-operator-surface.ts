import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { createOperatorSurface } from './operator-surface.ts';
import type { Operator } from './operator.ts';

/** Listens on the loopback port in OPERATOR_PORT, and prints the address and the token. */
export function startOperatorSurface(operator: Operator): void {
  const token = randomBytes(32).toString('base64url');
  const server = createOperatorSurface(operator, token);
  server.listen(Number(process.env['OPERATOR_PORT'] ?? 8081), '127.0.0.1', () => {
    console.log('Listening for operators on', server.address());
    console.log(`OPERATOR_TOKEN=${token}`);
  });
}
