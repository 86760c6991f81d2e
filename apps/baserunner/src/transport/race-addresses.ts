import { TransportFailure } from '@serve.zone/baseos-cloudly-connector';

/** The result for one address of a name. */
export interface AddressFailure {
  address: string;
  error: unknown;
}

/** None of several addresses could be used. */
export class AddressesFailed extends Error {
  override readonly name = 'AddressesFailed';
  readonly failures: readonly AddressFailure[];

  constructor(failures: readonly AddressFailure[]) {
    super('None of the addresses can be used.');
    this.failures = failures;
  }
}

export interface RaceOptions {
  signal: AbortSignal;
  /** How long an address is tried alone before the next one is tried in parallel (RFC 8305, 5). @default 250 */
  staggerMs?: number | undefined;
  /** The same from the moment at which it has accepted the connection, while TLS is negotiated. @default 5000 */
  handshakeStaggerMs?: number | undefined;
  /**
   * When the race ends without a winner, so that the silent addresses can be reported. Shorter than a call to Cloudly
   * may take: a later connection would have no time left for the answer. @default 27000
   */
  timeoutMs?: number | undefined;
}

/**
 * @param onTaken to be called when the address has accepted the connection, if there is more to do before it can be used
 */
export type OpenAddress<Connection> = (
  address: string,
  signal: AbortSignal,
  onTaken: () => void,
) => Promise<Connection>;

const defaults = { staggerMs: 250, handshakeStaggerMs: 5000, timeoutMs: 27_000 };

/**
 * The first connection that can be used (RFC 8305): each address gets a short head start, and none is abandoned before
 * another one has won. So an address that drops everything costs little time, and a slow one is still reached; Node
 * itself abandons each address after 250 ms, which is too short for a satellite link.
 *
 * Rejects with the error of the only address, with `AddressesFailed`, or with the signal's reason. When it settles, the
 * signal stops all other attempts.
 */
export function raceAddresses<Connection>(
  addresses: readonly string[],
  open: OpenAddress<Connection>,
  options: RaceOptions,
): Promise<Connection> {
  const { signal, staggerMs = defaults.staggerMs, timeoutMs = defaults.timeoutMs } = options;
  const { handshakeStaggerMs = defaults.handshakeStaggerMs } = options;
  const waiting = inTurns(addresses);
  const running = new Map<string, AbortController>();
  const failures: AddressFailure[] = [];
  const taken = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  return new Promise<Connection>((resolve, reject) => {
    const settle = (how: () => void): void => {
      clearTimeout(timer);
      clearTimeout(end);
      signal.removeEventListener('abort', onAbort);
      for (const attempt of running.values()) attempt.abort(new Error('Another address was faster.'));
      running.clear();
      how();
    };
    const onAbort = (): void => settle(() => reject(signal.reason as Error));
    const onTimeout = (): void => {
      for (const address of running.keys()) failures.push({ address, error: silence(taken.has(address)) });
      settle(() => reject(sumUp(failures)));
    };
    const startNextIn = (delayMs: number): void => {
      clearTimeout(timer);
      if (waiting.length > 0) timer = setTimeout(startNext, delayMs);
    };
    const startNext = (): void => {
      const address = waiting.shift();
      if (address === undefined) return;
      const attempt = new AbortController();
      running.set(address, attempt);
      startNextIn(staggerMs);
      const onTaken = (): void => {
        if (!running.has(address)) return;
        taken.add(address);
        startNextIn(handshakeStaggerMs);
      };
      // A connection that opens after the race has lost.
      const finish = (how: () => void): void => {
        if (running.delete(address)) how();
      };
      const onFailure = (error: unknown): void => {
        failures.push({ address, error });
        if (waiting.length > 0) startNext();
        else if (running.size === 0) settle(() => reject(sumUp(failures)));
      };
      void open(address, attempt.signal, onTaken)
        .then((connection) => finish(() => settle(() => resolve(connection))))
        .catch((error: unknown) => finish(() => onFailure(error)));
    };
    if (signal.aborted) return reject(signal.reason as Error);
    if (addresses.length === 0) return reject(sumUp(failures));
    signal.addEventListener('abort', onAbort, { once: true });
    const end = setTimeout(onTimeout, timeoutMs);
    startNext();
  });
}

function silence(isAccepted: boolean): Error {
  return isAccepted
    ? new TransportFailure({
        reason: 'ETIMEDOUT',
        explanation: 'it accepts the connection but does not answer the TLS handshake',
        remedy: 'Check that the URL has the https port of the server, and look for a firewall on the way.',
      })
    : Object.assign(new Error('The address does not accept the connection.'), { code: 'ETIMEDOUT' });
}

function sumUp(failures: readonly AddressFailure[]): Error {
  return failures.length === 1 ? (failures[0]?.error as Error) : new AddressesFailed(failures);
}

/**
 * IPv6 and IPv4 in turns, each in the order in which the system gives them: a family without a route costs one turn.
 */
export function inTurns(addresses: readonly string[]): string[] {
  const distinct = [...new Set(addresses)];
  const isOfFirstFamily = (address: string): boolean => address.includes(':') === distinct[0]?.includes(':');
  const first = distinct.filter(isOfFirstFamily);
  const second = distinct.filter((address) => !isOfFirstFamily(address));
  return Array.from({ length: Math.max(first.length, second.length) }, (_, turn) => [first[turn], second[turn]])
    .flat()
    .filter((address) => address !== undefined);
}
