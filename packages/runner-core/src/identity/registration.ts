import { Buffer } from 'node:buffer';
import { approvalCode, deriveRegistrationKey } from '@serve.zone/baseos-contracts';
import type { Identity } from './identity.js';
import { Secret } from '../values/secret.js';

/** How this node proves itself to one Cloudly when it registers. */
export interface Registration {
  key: Secret;
  /** What an operator compares before approving the node. */
  approvalCode: string;
}

export async function registrationAt({ nodeSecret, enrolment }: Identity, cloudlyUrl: URL): Promise<Registration> {
  const secretBytes = new Uint8Array(Buffer.from(nodeSecret.reveal(), 'base64url'));
  const key = await deriveRegistrationKey(secretBytes, enrolment?.registrationOrigin ?? cloudlyUrl.origin);
  return { key: new Secret(key), approvalCode: await approvalCode(key) };
}
