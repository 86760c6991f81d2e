import { randomUUID } from 'node:crypto';
import { newRegistration, sqlInjection } from './request-bytes.js';

/** A registration with SQL wherever the contract accepts any string, and keys that a careless reader would confuse. */
export function oddRegistration() {
  const { status, ...rest } = newRegistration();
  const text = sqlInjection;
  return {
    ...rest,
    constructor: { prototype: { isAdmin: true } },
    toString: text,
    status: {
      ...status,
      constructor: { prototype: { isAdmin: true } },
      agent: { name: text, version: text },
      runtime: { name: text, version: text },
      host: { ...status.host, hostname: text, osVersion: text },
      device: { uuid: text, type: text, appName: text, serviceName: text },
      acceptedCommands: [text],
    },
    nodeId: randomUUID(),
  };
}
