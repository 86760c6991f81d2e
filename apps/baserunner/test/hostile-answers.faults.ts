import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byteEachMinute, hang, hangAfterHeaders, trickle } from '@serve.zone/baseos-testing/network/socket-faults';
import { type BuiltCli, buildCli } from './build-cli.js';
import { faultsBeforeEnrolment, type NamedFault } from './named-faults.js';
import { surviveAfterEnrolment, surviveBeforeEnrolment, unharmed } from './survive-fault.js';

let cli: BuiltCli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

/** Each takes the deadline of a call, which is 30 s. */
const slowFaults: Record<string, NamedFault> = {
  'a server that accepts the request and never answers': slow(hang),
  'a server that stops after its headers': slow(hangAfterHeaders),
  'a byte a minute': slow(byteEachMinute),
  'a body that trickles': slow(trickle),
};

function slow(fault: NamedFault['fault']): NamedFault {
  return { fault, code: 'timeout', words: /did not answer within 30 s/ };
}

describe.concurrent('a heartbeat that meets', () => {
  test.each(Object.entries(slowFaults))('%s loses nothing but time', async (_name, fault) => {
    expect(await surviveAfterEnrolment(cli, fault)).toEqual(unharmed);
  });
});

describe.concurrent('a registration that meets', () => {
  test.each(Object.entries({ ...slowFaults, ...faultsBeforeEnrolment }))(
    '%s happens once nonetheless',
    async (_name, fault) => {
      expect(await surviveBeforeEnrolment(cli, fault)).toEqual(unharmed);
    },
  );
});
