import * as v from 'valibot';
import * as contracts from '../src/index.js';
import type { Json } from './shipped-schemas.js';

/** What a reader makes of a message; `undefined` for one that it refuses. */
type Reader = (message: Json) => unknown;

function request(parse: (body: string) => contracts.ParsedRequest<unknown>): Reader {
  return (message) => {
    const parsed = parse(JSON.stringify(message));
    return parsed.ok ? parsed.value : undefined;
  };
}

function answer(parse: (body: string) => contracts.ParsedAnswer<unknown>): Reader {
  return (message) => {
    const parsed = parse(JSON.stringify(message));
    return parsed.ok ? parsed.value : undefined;
  };
}

function registerAnswer(accepted: boolean): Reader {
  return answer((body) => {
    const parsed = contracts.parseRegisterAnswer(body);
    return parsed.ok && parsed.value.accepted !== accepted ? { ok: false, issues: [] } : parsed;
  });
}

function part(schema: v.GenericSchema): Reader {
  return (message) => {
    const parsed = v.safeParse(schema, message);
    return parsed.success ? parsed.output : undefined;
  };
}

/** Who reads each message, by the name of its schema. */
export const readers: Record<string, Reader> = {
  'register-request': request(contracts.parseRegisterRequest),
  'register-accepted': registerAnswer(true),
  'register-pending': registerAnswer(false),
  'heartbeat-request': request(contracts.parseHeartbeatRequest),
  'heartbeat-answer': answer(contracts.parseHeartbeatAnswer),
  'wake-answer': answer(contracts.parseWakeAnswer),
  problem: answer(contracts.parseProblem),
  'runtime-status': part(contracts.runtimeStatusSchema),
  vitals: part(contracts.vitalsSchema),
  'desired-state': part(contracts.desiredStateSchema),
  command: part(contracts.commandSchema),
  'command-result': part(contracts.commandResultSchema),
  'legacy-register-request': request(contracts.parseLegacyRegisterRequest),
  'legacy-heartbeat-request': request(contracts.parseLegacyHeartbeatRequest),
  'legacy-register-answer': answer(contracts.parseLegacyRegisterAnswer),
  'legacy-heartbeat-answer': answer(contracts.parseLegacyHeartbeatAnswer),
};
