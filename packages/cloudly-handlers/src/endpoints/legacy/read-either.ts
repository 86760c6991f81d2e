import type { ParsedRequest } from '@serve.zone/baseos-contracts';

/** A message of this protocol, or one of a legacy node. */
export type EitherMessage<Message, Legacy> =
  | { isLegacy: false; parsed: ParsedRequest<Message> }
  | { isLegacy: true; parsed: ParsedRequest<Legacy> };

/**
 * Reads a message of this protocol. If its `protocol` is another one and legacy nodes are served, it is read as one of
 * theirs, which have no `protocol`: so a current message is parsed only once.
 *
 * @param parseLegacy `false` where legacy nodes are not served.
 */
export function readEither<Message, Legacy>(
  body: Uint8Array,
  parse: (body: Uint8Array) => ParsedRequest<Message>,
  parseLegacy: ((body: Uint8Array) => ParsedRequest<Legacy>) | false,
): EitherMessage<Message, Legacy> {
  const parsed = parse(body);
  const isOther = !parsed.ok && parsed.problem.code === 'unsupported-protocol';
  return isOther && parseLegacy ? { isLegacy: true, parsed: parseLegacy(body) } : { isLegacy: false, parsed };
}
