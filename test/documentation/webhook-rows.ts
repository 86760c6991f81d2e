import { retryWaitsMs } from '@serve.zone/baseos-cloudly-handlers';
import { convertSchema } from '../../packages/fleet-api/scripts/json-schemas.js';
import { fleetEvent } from '../../packages/fleet-api/src/schemas/event-schemas.js';

type Converted = ReturnType<typeof convertSchema>;

type Schema = Parameters<typeof convertSchema>[0];

/** A row for each kind of event: whether it is about a node, and the members of its details. */
export function eventDetailRows(): string[][] {
  const { options } = fleetEvent as unknown as { options: readonly Schema[] };
  const forms = options.map((option) => membersOf(convertSchema(option)));
  const kinds = new Set(forms.map(({ kind }) => kind?.const as string));
  return [...kinds].map((each) => {
    const ofKind = forms.filter(({ kind }) => kind?.const === each);
    const [ofNode, ofFleet] = [ofKind.find(({ nodeId }) => nodeId), ofKind.find(({ nodeId }) => !nodeId)];
    const [first, ...others] = [...new Set(ofKind.map(({ details }) => describeMembers(details ?? {})))];
    const members = others.length === 0 ? first : `${first}; of the fleet: ${others.join('; ')}`;
    return [`\`${each}\``, ofNode ? (ofFleet ? 'or of the fleet' : 'yes') : '', members ?? '-'];
  });
}

/** A row for each wait between two attempts. */
export function retryRows(): string[][] {
  let sumMs = 0;
  return retryWaitsMs.map((waitMs, index) => {
    sumMs += waitMs;
    return [`${index + 2}`, inWords(waitMs), inWords(sumMs)];
  });
}

function membersOf({ properties = {} }: Converted): Record<string, Converted | undefined> {
  return properties as Record<string, Converted>;
}

function describeMembers(details: Converted): string {
  const required = new Set(details.required ?? []);
  const members = Object.entries(membersOf(details)).map(
    ([name, schema]) => `\`${name}${required.has(name) ? '' : '?'}\`: ${describeType(schema ?? {})}`,
  );
  return members.length === 0 ? '-' : members.join(', ');
}

function describeType({ type, enum: words, items, $ref: reference, properties }: Converted): string {
  if (words) return words.map((word) => `\`${word as string}\``).join(' or ');
  if (reference !== undefined) return reference.split('/').at(-1) ?? '';
  if (type === 'array') return `list of ${describeType(items as Converted)}`;
  if (type === 'object' && properties) return `{ ${Object.keys(properties).join(', ')} }`;
  return (
    { string: 'text', integer: 'number', boolean: '`true` or `false`', object: 'members' }[type as string] ?? 'text'
  );
}

function inWords(durationMs: number): string {
  const units = [
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ] as const;
  let leftMs = durationMs;
  const parts: string[] = [];
  for (const [unitMs, unit] of units) {
    const count = Math.floor(leftMs / unitMs);
    leftMs -= count * unitMs;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}
