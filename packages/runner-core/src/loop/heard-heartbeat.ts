import type { HeartbeatAnswer, WakeOffer } from '@serve.zone/baseos-contracts';
import { canonicalJson } from '../values/canonical-json.js';

/** What an accepted heartbeat brought, for what goes on beside the loop. */
export interface HeardHeartbeat {
  /** Absent if Cloudly does not offer to wake the node. */
  offer?: WakeOffer | undefined;
  /** Equal texts tell the node the same. */
  told: string;
}

/** A node whose identity two devices use does not wait. */
export function heardFrom({ wake, cloneSuspected, desiredState, nextNodeToken }: HeartbeatAnswer): HeardHeartbeat {
  const { settings, commands = [] } = desiredState ?? {};
  // The rest of a command's time is another in each answer. A token is news each time, and must not be shown.
  const listed = commands.map(({ id, kind }) => ({ id, kind }));
  const token = nextNodeToken === undefined ? undefined : globalThis.crypto.randomUUID();
  return {
    ...(wake && cloneSuspected !== true && { offer: wake }),
    told: canonicalJson({ settings, listed, token }),
  };
}
