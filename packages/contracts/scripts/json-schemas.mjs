import { toJsonSchema } from '@valibot/to-json-schema';

/** The published messages, by file name. */
const messages = {
  'register-request': { schema: 'registerRequestSchema', title: 'Register request' },
  'register-accepted': { schema: 'registerAcceptedSchema', title: 'Register answer, 200 or 201' },
  'register-pending': { schema: 'registerPendingSchema', title: 'Register answer, 202' },
  'heartbeat-request': { schema: 'heartbeatRequestSchema', title: 'Heartbeat request' },
  'heartbeat-answer': { schema: 'heartbeatAnswerSchema', title: 'Heartbeat answer, 200' },
  problem: { schema: 'problemSchema', title: 'Problem document' },
  'runtime-status': { schema: 'runtimeStatusSchema', title: 'Runtime status' },
  vitals: { schema: 'vitalsSchema', title: 'Vitals' },
  'desired-state': { schema: 'desiredStateSchema', title: 'Desired state' },
  command: { schema: 'commandSchema', title: 'Command' },
  'command-result': { schema: 'commandResultSchema', title: 'Command result' },
  'provisional-register-answer': { schema: 'provisionalRegisterAnswerSchema', title: 'Provisional register answer' },
  'provisional-heartbeat-answer': { schema: 'provisionalHeartbeatAnswerSchema', title: 'Provisional heartbeat answer' },
};

/** Every answer has it, though a reader goes on without. */
const withServerTime = ({ properties, required }) =>
  Object.keys(properties).filter((name) => name === 'serverTime' || required.includes(name));

/**
 * A JSON Schema (draft 2020-12) for each message, as a writer has to send it, made from the valibot schemas. Unknown keys
 * are allowed; what only a reader does (dropping an item it cannot read, bounding a pace) has no place in them.
 */
export const jsonSchemas = (contracts) =>
  Object.fromEntries(
    Object.entries(messages).map(([name, { schema, title }]) => {
      const { $schema, ...converted } = convert(contracts[schema]);
      return [name, { $schema, title, ...converted }];
    }),
  );

const convert = (schema) =>
  toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    ignoreActions: ['transform', 'raw_transform', 'check', 'to_lower_case', 'finite'],
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      if (valibotSchema.type === 'custom') return { type: 'string', minLength: 1 };
      if (valibotSchema.type === 'never') return { not: {} };
      if (valibotSchema.entries?.serverTime) return { ...jsonSchema, required: withServerTime(jsonSchema) };
      return jsonSchema;
    },
    overrideAction: ({ valibotAction, jsonSchema }) => {
      if (valibotAction.type === 'safe_integer') return { ...jsonSchema, type: 'integer' };
      if (valibotAction.type === 'metadata' && valibotAction.metadata.items) {
        const { $schema, ...items } = convert(valibotAction.metadata.items);
        return { ...jsonSchema, items };
      }
      return jsonSchema;
    },
  });
