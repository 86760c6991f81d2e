import type { ClientRequest } from 'node:http';
import { TransportFailure } from '@serve.zone/baseos-cloudly-connector';

/** More than any server sends before its answer. */
const INTERIM_MAX = 16;

/** Ends a request whose server sends 1xx responses forever. */
export function limitInterimAnswers(request: ClientRequest): void {
  let count = 0;
  const onInterim = (): void => {
    count += 1;
    if (count <= INTERIM_MAX) return;
    request.destroy(
      new TransportFailure({ reason: 'no final answer', explanation: 'one interim answer (HTTP 1xx) follows another' }),
    );
  };
  request.on('information', onInterim);
}
