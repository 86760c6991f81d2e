import { fieldCalled } from '../selector/selector-fields.js';
import { type FleetSort, sortKeys } from './fleet-store.js';

/** The order that a text such as `name` or `-seen` names; `undefined` if there is none. */
export function parseSort(text: string): FleetSort | undefined {
  const isDescending = text.startsWith('-');
  const called = fieldCalled(isDescending ? text.slice(1) : text);
  const by = sortKeys.find((key) => key === called);
  return by && { by, isDescending };
}

export function formatSort({ by, isDescending }: FleetSort): string {
  return `${isDescending ? '-' : ''}${by}`;
}
