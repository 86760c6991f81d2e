import { isObject } from './answer.js';

/** The commands in the answer to a heartbeat; none if it lists none. */
export function commandsIn({ desiredState }: Readonly<Record<string, unknown>>): unknown[] {
  const { commands } = isObject(desiredState) ? desiredState : {};
  return Array.isArray(commands) ? commands : [];
}
