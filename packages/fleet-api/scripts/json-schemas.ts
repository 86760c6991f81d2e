import { type ConversionConfig, type JsonSchema, toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import * as bulkSchemas from '../src/schemas/bulk-schemas.js';
import * as commandSchemas from '../src/schemas/command-schemas.js';
import * as eventSchemas from '../src/schemas/event-schemas.js';
import * as fleetSchemas from '../src/schemas/fleet-schemas.js';
import * as nodeSchemas from '../src/schemas/node-schemas.js';
import * as operatorSchemas from '../src/schemas/operator-schemas.js';
import * as recoverySchemas from '../src/schemas/recovery-schemas.js';
import * as rolloutSchemas from '../src/schemas/rollout-schemas.js';
import * as webhookSchemas from '../src/schemas/webhook-schemas.js';
import * as whySchemas from '../src/schemas/why-schemas.js';

/** The schemas that have names, by these. */
const named: Record<string, v.GenericSchema> = Object.fromEntries(
  [
    nodeSchemas,
    commandSchemas,
    bulkSchemas,
    fleetSchemas,
    eventSchemas,
    operatorSchemas,
    recoverySchemas,
    rolloutSchemas,
    whySchemas,
    webhookSchemas,
  ]
    .flatMap((schemas) => Object.entries(schemas))
    .filter((entry): entry is [string, v.GenericSchema] => 'kind' in entry[1] && entry[1].kind === 'schema')
    .map(([name, schema]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, schema]),
);

function referenceTo(name: string): string {
  return `#/components/schemas/${name}`;
}

const config: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'input',
  definitions: named,
  // What these demand is said by the fleet's errors.
  ignoreActions: ['check'],
  overrideRef: ({ referenceId }) => referenceTo(referenceId),
  // Each of ours takes a word, unless its metadata say what else.
  overrideSchema: ({ valibotSchema }) => (valibotSchema.type === 'custom' ? { type: 'string' } : undefined),
  overrideAction: ({ valibotAction }) => {
    if (valibotAction.type === 'safe_integer') return { type: 'integer' };
    if (valibotAction.type !== 'metadata') return undefined;
    const { recordOf, ofProtocol } = (valibotAction as unknown as { metadata: Metadata }).metadata;
    if (ofProtocol !== undefined) return { $ref: referenceTo(ofProtocol) };
    // Their values are simple, and need no names.
    return recordOf && { type: 'object', additionalProperties: withoutDraft(toJsonSchema(recordOf)) };
  },
};

interface Metadata {
  recordOf?: v.GenericSchema;
  ofProtocol?: string;
}

/** A schema of the API in JSON Schema, which refers to those that have names. */
export function convertSchema(schema: v.GenericSchema): JsonSchema {
  const { $defs: _definitions, ...converted } = withoutDraft(toJsonSchema(schema, config));
  return converted;
}

/** All schemas that have names. */
export function namedSchemas(): Record<string, JsonSchema> {
  return (toJsonSchema(v.string(), config).$defs ?? {}) as Record<string, JsonSchema>;
}

function withoutDraft({ $schema: _draft, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
