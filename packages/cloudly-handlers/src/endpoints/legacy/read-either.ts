import type { ParsedRequest } from '@serve.zone/baseos-contracts';

/** A message of this protocol, or one of the predecessor's nodes. */
export type EitherMessage<Message, Provisional> =
  | { isProvisional: false; parsed: ParsedRequest<Message> }
  | { isProvisional: true; parsed: ParsedRequest<Provisional> };

/**
 * Reads a message of this protocol. Where its `protocol` is another one, and nodes of the predecessor are served, it is read
 * as one of theirs, which have no `protocol`: so a message of today is parsed once.
 *
 * @param parseProvisional `false` where nodes of the predecessor are not served.
 */
export function readEither<Message, Provisional>(
  body: Uint8Array,
  parse: (body: Uint8Array) => ParsedRequest<Message>,
  parseProvisional: ((body: Uint8Array) => ParsedRequest<Provisional>) | false,
): EitherMessage<Message, Provisional> {
  const parsed = parse(body);
  const isOther = !parsed.ok && parsed.problem.code === 'unsupported-protocol';
  return isOther && parseProvisional
    ? { isProvisional: true, parsed: parseProvisional(body) }
    : { isProvisional: false, parsed };
}
