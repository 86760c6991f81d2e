import type { WakeOffer } from '@serve.zone/baseos-contracts';
import type { NodeStore } from '../fleet/node-store.js';
import type { NodeRecord } from '../fleet/node-record.js';
import { createPacedRings } from './paced-rings.js';
import { startTimer as startSystemTimer, type StartTimer } from './timer.js';
import { createWaitingNodes, type WaitingNodes } from './waiting-nodes.js';

/** Lets nodes wait for what their next heartbeat would tell them. */
export interface Waking extends Pick<WaitingNodes, 'enter' | 'count'> {
  /** Whether nodes can be woken at present: the option is set, and rings are heard. */
  isOn(this: void): boolean;
  /** What the answer to a heartbeat offers the node. */
  offerTo(this: void, node: NodeRecord): WakeOffer | undefined;
  /** Ends all waits, and lets no other begin. */
  drain(this: void): void;
}

export interface WakingOptions {
  store: NodeStore;
  /** `undefined`: no node is offered to be woken. */
  wakeWaitMs: number | undefined;
  wakeConnectionsMax: number;
  heartbeatsPerSecondMax: number;
  monotonicMs: () => number;
  report: (error: unknown) => void;
  startTimer?: StartTimer;
}

/** After a store could not say whether rings are heard, it is asked again with a heartbeat. */
const ASK_AGAIN_MS = 30_000;

export function createWaking(options: WakingOptions): Waking {
  const { store, wakeWaitMs = 0, wakeConnectionsMax, heartbeatsPerSecondMax, monotonicMs, report } = options;
  const { startTimer = startSystemTimer } = options;
  const { doorbell } = store;
  let isHeard = false;
  /** When the store could not say. */
  let unknownSinceMs: number | undefined;
  let stopListening: (() => void) | undefined;

  const nodes = createWaitingNodes({
    waitMs: wakeWaitMs,
    max: wakeConnectionsMax,
    startTimer,
    onOccupied(isOccupied) {
      if (isOccupied) stopListening = doorbell?.listen(onRing);
      else endListening();
    },
  });
  const rings = createPacedRings({ perSecondMax: heartbeatsPerSecondMax, ring: nodes.ring, monotonicMs, startTimer });

  function onRing(nodeId?: string): void {
    for (const each of nodeId === undefined ? [...nodes.nodeIds()] : [nodeId]) rings.ring(each);
  }

  function endListening(): void {
    stopListening?.();
    stopListening = undefined;
    rings.stop();
  }

  async function ask(): Promise<void> {
    unknownSinceMs = undefined;
    try {
      isHeard = (await doorbell?.isHeard()) ?? false;
      if (!isHeard) report(new Error(doorbell ? unheard : noDoorbell));
    } catch (error) {
      unknownSinceMs = monotonicMs();
      report(error);
    }
  }

  if (wakeWaitMs > 0) void ask();

  return {
    isOn: () => isHeard,
    offerTo(node) {
      if (unknownSinceMs !== undefined && monotonicMs() - unknownSinceMs >= ASK_AGAIN_MS) void ask();
      return isHeard && mayWait(node) && nodes.count() < wakeConnectionsMax ? { waitMs: wakeWaitMs } : undefined;
    },
    enter: nodes.enter,
    count: nodes.count,
    drain: nodes.drain,
  };
}

const noDoorbell = 'Waking is off: the store has no doorbell. Omit wakeWaitMs, or give it one';
const unheard =
  'Waking is off: what another process rings is not heard. Connect to the database directly, or through a pooler that ' +
  'supports LISTEN';

/**
 * A request that waits does not say which process sends it. So while only one of the devices that have a token may use it,
 * none waits with it.
 */
export function mayWait({ cloneSuspectedAtMs, cloneResolution, revokedAtMs }: NodeRecord): boolean {
  return (
    cloneSuspectedAtMs === undefined && cloneResolution?.claimantBootIds === undefined && revokedAtMs === undefined
  );
}
