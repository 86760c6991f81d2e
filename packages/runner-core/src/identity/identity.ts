import type { Secret } from '../values/secret.js';

/** Why and since when a node is silent: Cloudly revoked it. It lasts across restarts. */
export interface Dormancy {
  /** RFC 3339, by the device's clock; for people only. */
  since: string;
  /** The call that was rejected; the hourly probe repeats it. */
  verdictOn: 'register' | 'heartbeat';
  /** Digest of the join token of that time: another one ends the dormancy. */
  joinTokenDigest?: string | undefined;
  /** The whole URL of that time: another one ends the dormancy. */
  cloudlyUrl: string;
}

/** What belongs to one Cloudly's origin and one node ID, and is never sent to another. */
export interface Enrolment {
  /**
   * As `URL.origin` writes it. Empty for a legacy token while no Cloudly is configured: the first one configured
   * gets it.
   */
  origin: string;
  /**
   * Present where Cloudly's address changed (`BASEOS_CLOUDLY_MOVED_FROM`): the origin by which Cloudly knows this node's
   * registration key.
   *
   * @default `origin`
   */
  registrationOrigin?: string | undefined;
  /** The instance that answered; only its verdicts count. Absent with a legacy Cloudly. */
  cloudlyId?: string | undefined;
  /** A legacy Cloudly (answers without `protocol`) until its first answer with `protocol: 1`. */
  legacy: boolean;
  nodeToken?: Secret | undefined;
  /** When its first node token was stored: RFC 3339, by the device's clock; for people only. */
  enrolledAt?: string | undefined;
  /** The token before it, kept until a 200 under the new one. */
  previousNodeToken?: Secret | undefined;
  /** Digest of the `BASEOS_NODE_TOKEN` that was taken over last: a changed one is used. */
  environmentTokenDigest?: string | undefined;
  /** That token belongs to the node that was here before: this node does not use it. */
  environmentTokenIsForeign?: boolean | undefined;
  dormancy?: Dormancy | undefined;
  /** What a newer version stored of it; written back as it was. */
  unknownMembers?: Readonly<Record<string, unknown>> | undefined;
}

/** Who this node is. A value: a change makes a new one, which is stored before it is used. */
export interface Identity {
  nodeId: string;
  /** 32 random bytes as base64url; never sent. */
  nodeSecret: Secret;
  /** `BALENA_DEVICE_UUID` when it was made or adopted; another one means a copied disk. */
  deviceUuid?: string | undefined;
  /** The node that this device was before it took a new identity. */
  previousNodeId?: string | undefined;
  /** With the Cloudly that is configured. */
  enrolment?: Enrolment | undefined;
  /** With Cloudlys that were configured before; used again when one of them is. */
  otherEnrolments?: readonly Enrolment[] | undefined;
}

/**
 * The beginning of an enrolment. Which protocol its Cloudly speaks is not known; the first answer with `protocol` shows
 * it.
 */
export function newEnrolment(origin: string): Enrolment {
  return { origin, legacy: true };
}
