import { createRequire } from 'node:module';
import type { EndpointName } from '@serve.zone/baseos-contracts';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The exchanged messages, as text. */
export interface Exchange {
  endpoint: EndpointName;
  request: string;
  status: number;
  answer: string;
}

/** What in an exchange the strict JSON Schemas do not allow the node that asked, or the Cloudly that answered. */
export function offContract({ endpoint, request, status, answer }: Exchange): object[] {
  return [...faultsOf(`${endpoint}-request`, request), ...faultsOf(answerOf(endpoint, status), answer)];
}

function answerOf(endpoint: EndpointName, status: number): string {
  if (status >= 400) return 'problem';
  if (endpoint === 'heartbeat') return 'heartbeat-answer';
  return status === 202 ? 'register-pending' : 'register-accepted';
}

function faultsOf(message: string, text: string): object[] {
  const validate = validatorOf(message);
  return validate(JSON.parse(text)) ? [] : [{ message, text, errors: validate.errors }];
}

const validators = new Map<string, ValidateFunction>();
const load = createRequire(import.meta.url);

function validatorOf(message: string): ValidateFunction {
  const validator =
    validators.get(message) ??
    new Ajv2020({ strict: true }).compile(load(`@serve.zone/baseos-contracts/schema/strict/${message}.json`) as object);
  validators.set(message, validator);
  return validator;
}
