import type { ClientRequest } from 'node:http';
import { TransportFailure } from '@serve.zone/baseos-cloudly-connector';

/** More than any server has to say before its answer. */
const INTERIM_MAX = 16;

/** Ends a request whose other side sends 1xx without end, each of which would be read. */
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
