import type * as v from 'valibot';
import { openObject } from '../schema/open-object.js';
import { answerEntries, boolean, type KnownKeys, wakeWaitMs } from '../schema/schema-parts.js';

/** Cloudly offers to wake the node: the node may hold a request at the endpoint `wake`, which tells it when to send a heartbeat. */
export const wakeOfferSchema = openObject({
  /** How long Cloudly holds such a request. */
  waitMs: wakeWaitMs,
});

/** The answer to a request that waited to be woken. It tells nothing itself: a heartbeat does. */
export const wakeAnswerSchema = openObject({
  ...answerEntries,
  /** Whether there is something that no answer to a heartbeat has told the node yet. `false`: the wait is over. */
  wake: boolean,
});

export type WakeOffer = KnownKeys<v.InferOutput<typeof wakeOfferSchema>>;
export type WakeAnswer = KnownKeys<v.InferOutput<typeof wakeAnswerSchema>>;
