import { Buffer } from 'node:buffer';
import { type CommandResult, limits } from '@serve.zone/baseos-contracts';

type Details = NonNullable<CommandResult['details']>;

/** Details of a result that keep to its limit: the longest are left out until the others fit. */
export function withinDetails(details: Details): Details {
  const known = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
  if (bytesOf(known) <= limits.commandDetailsMaxBytes) return known;
  const [longest] = Object.entries(known).toSorted(([, one], [, other]) => bytesOf(other) - bytesOf(one));
  return longest === undefined ? known : withinDetails({ ...known, [longest[0]]: undefined });
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
