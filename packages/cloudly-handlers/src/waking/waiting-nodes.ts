import type { StartTimer } from './timer.js';

/**
 * Why a wait was interrupted. `rung`: there may be something for the node. The others are final: its time is over, a newer
 * request of the node has taken its place, the server shuts down, or the client has gone.
 */
export type Interruption = 'rung' | 'time-over' | 'superseded' | 'draining' | 'gone';

/** The place of a request that waits. */
export interface Place {
  /** Resolves with what happens next, at once if it has happened since the last call. */
  next(this: void): Promise<Interruption>;
  /** Gives the place up. Must be called once. */
  leave(this: void): void;
}

export interface WaitingNodes {
  /**
   * A place for a request, of which a node has one; or why there is none.
   *
   * @param onGone calls its listener when the client has gone, until the function that it returns is called
   */
  enter(this: void, nodeId: string, onGone: (listener: () => void) => () => void): Place | 'full' | 'draining';
  /** Rings a node if it waits. */
  ring(this: void, nodeId: string): void;
  /** The nodes that wait. */
  nodeIds(this: void): Iterable<string>;
  count(this: void): number;
  /** Ends all waits, and lets no other begin. */
  drain(this: void): void;
}

export interface WaitingNodesOptions {
  waitMs: number;
  max: number;
  startTimer: StartTimer;
  /** Called when the first node begins to wait, and when none waits any longer. */
  onOccupied: (isOccupied: boolean) => void;
}

interface Entry {
  tell: (what: Interruption) => void;
}

export function createWaitingNodes({ waitMs, max, startTimer, onOccupied }: WaitingNodesOptions): WaitingNodes {
  const entries = new Map<string, Entry>();
  let isDraining = false;

  const enter: WaitingNodes['enter'] = (nodeId, onGone) => {
    if (isDraining) return 'draining';
    const before = entries.get(nodeId);
    if (!before && entries.size >= max) return 'full';
    if (entries.size === 0) onOccupied(true);

    let isRung = false;
    let final: Interruption | undefined;
    let wake: (() => void) | undefined;
    const tell = (what: Interruption): void => {
      if (what === 'rung') isRung = true;
      else final ??= what;
      wake?.();
    };
    const stopTimer = startTimer(waitMs, () => tell('time-over'));
    const stopListening = onGone(() => tell('gone'));

    const entry: Entry = { tell };
    entries.set(nodeId, entry);
    before?.tell('superseded');

    return {
      async next() {
        if (final === undefined && !isRung) await new Promise<void>((resolve) => (wake = resolve));
        if (final !== undefined) return final;
        isRung = false;
        return 'rung';
      },
      leave() {
        stopTimer();
        stopListening();
        if (entries.get(nodeId) !== entry) return;
        entries.delete(nodeId);
        if (entries.size === 0) onOccupied(false);
      },
    };
  };

  return {
    enter,
    ring: (nodeId) => entries.get(nodeId)?.tell('rung'),
    nodeIds: () => entries.keys(),
    count: () => entries.size,
    drain() {
      isDraining = true;
      for (const { tell } of entries.values()) tell('draining');
    },
  };
}
