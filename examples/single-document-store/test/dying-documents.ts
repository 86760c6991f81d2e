import type { Documents } from '../documents.js';
import type { Death } from '@serve.zone/baseos-cloudly-handlers/store-suite';
import { around } from './slow-documents.js';

/** The documents as a process sees them that dies at one of its steps. */
export function dyingDocuments(documents: Documents, { atStep, isCarriedOut }: Death): Documents {
  let step = -1;
  return around(documents, async (operate) => {
    step += 1;
    if (step < atStep) return operate();
    if (step === atStep && isCarriedOut) await operate();
    throw new Error(`This process died at step ${atStep}`);
  });
}
