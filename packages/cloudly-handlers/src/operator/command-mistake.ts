import {
  type Command,
  type CommandKind,
  type CommandRequest,
  commandKinds,
  commandSchema,
} from '@serve.zone/baseos-contracts';

const kindsOfOneService = new Set<string>(['restart-service', 'start-service', 'stop-service']);

/** Why no node could carry out a command, in a sentence for a person; `undefined` if there is no mistake in it. */
export function commandMistake(command: Command): string | undefined {
  const { kind, of } = command;
  if (!isKnown(kind)) return `Unknown command kind ${kind}. Known kinds: ${commandKinds.join(', ')}`;
  if (of && !isKnown(of.kind)) return `Unknown command kind ${of.kind}. Known kinds: ${commandKinds.join(', ')}`;
  if (of?.kind === 'preview') return 'A preview cannot be of another preview';
  if ((kind === 'preview') !== (of !== undefined)) return 'A preview must say what it is of, and no other command may';
  return memberMistake(of ?? command) ?? schemaMistake(command);
}

function isKnown(kind: string): kind is CommandKind {
  return commandKinds.some((known) => known === kind);
}

function memberMistake({ kind, service, commit }: CommandRequest): string | undefined {
  const isOfOneService = kindsOfOneService.has(kind);
  if (isOfOneService && !service?.trim()) return `${kind} must name a service`;
  // It would concern more than the service that its sender means.
  if (!isOfOneService && service !== undefined) {
    return `Only ${[...kindsOfOneService].join(', ')} can name a service, not ${kind}`;
  }
  return commit !== undefined && kind !== 'update' ? `Only update can name a commit, not ${kind}` : undefined;
}

/** Also for callers without type checks. */
function schemaMistake(command: Command): string | undefined {
  const result = commandSchema['~standard'].validate(command);
  if (result instanceof Promise || !result.issues) return undefined;
  const places = result.issues.map(({ path = [], message }) => `${path.map(keyOf).join('.')}: ${message}`);
  return `The contract does not allow this command (${places.join('; ')})`;
}

function keyOf(segment: PropertyKey | { key: PropertyKey }): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}
