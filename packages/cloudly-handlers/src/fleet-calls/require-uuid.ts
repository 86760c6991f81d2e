import { requireValue } from './call.js';

const uuid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

/** @throws FleetError for an ID that is no UUID in lower case */
export function requireUuid(id: string): void {
  requireValue(uuid.test(id) ? undefined : 'The ID is not a UUID in lower case', 'Take a random UUID.');
}
