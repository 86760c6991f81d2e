/** The parts of schemas that contain names. */
interface SchemaPart {
  entries?: Record<string, SchemaPart>;
  options?: readonly (SchemaPart | string)[];
  item?: SchemaPart;
  wrapped?: SchemaPart;
  pipe?: readonly SchemaPart[];
  metadata?: { items?: SchemaPart };
}

/** The names of members in a schema, at any depth. */
export function namesIn(schema: object): string[] {
  const { entries = {}, options = [], item, wrapped, pipe = [], metadata } = schema as SchemaPart;
  const inner = [...options.filter((option) => typeof option === 'object'), item, wrapped, metadata?.items];
  // The first part of a pipe is the schema itself.
  const parts = [...Object.values(entries), ...inner, ...pipe.slice(1)];
  return [...Object.keys(entries), ...parts.flatMap((part) => (part ? namesIn(part) : []))];
}
