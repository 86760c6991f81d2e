export type NodeState =
  | 'not-configured'
  /** An identity is stored, but it cannot be read now. */
  | 'unknown'
  | 'unregistered'
  | 'pending'
  | 'registered'
  | 'dormant';
export type Connectivity = 'unknown' | 'connected' | 'unreachable' | 'rejected';

export type Call = 'register' | 'heartbeat';

/** Why the next call to Cloudly is planned for its time. */
export interface PlannedCall {
  call: Call;
  /** `start-spread`, `interval`, `backoff 4`, `retry-after`, `slow-pace`, `dormant-probe`, `now` ... */
  because: string;
  /** The same as a sentence for a person. */
  explanation: string;
  /** RFC 3339, by the device's clock. */
  at: string;
  /** Present when that time has come: the device is looked at, and Cloudly called. */
  underWay?: true | undefined;
}
