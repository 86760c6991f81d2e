import { isObject } from './answer.js';

/** What the answer to a heartbeat lists; nothing where it lists nothing. */
export function commandsIn({ desiredState }: Readonly<Record<string, unknown>>): unknown[] {
  const { commands } = isObject(desiredState) ? desiredState : {};
  return Array.isArray(commands) ? commands : [];
}
