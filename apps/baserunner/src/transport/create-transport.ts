import type { RunnerConfig } from '@serve.zone/baseos-runner-core';
import { createNodeHttpFetch, type NodeHttpFetchOptions, type Transport } from './node-http-fetch.js';

/**
 * The leanest transport of the runtime without a proxy: Node's HTTP client on Node, `fetch` on Deno and Bun, where it
 * is built in and costs less than their `node:http`. But their `fetch` obeys the environment: it uses the proxies there
 * for every host, and on Bun it skips the verification of certificates if a variable says so.
 */
export function createTransport(): Transport {
  return runsOnNode() || changesFetch(process.env)
    ? createNodeHttpFetch({ variable: 'BALENA_SUPERVISOR_ADDRESS' })
    : { fetch: globalThis.fetch, close: () => undefined };
}

/**
 * The transport to Cloudly, with the proxy and the certificate authorities of the configuration. Both calls to Cloudly may be
 * carried out twice, by the contract, so they are sent again when a kept connection was closed meanwhile.
 */
export function createCloudlyTransport({ cloudlyProxy, certificateAuthorities }: RunnerConfig): Transport {
  if (!cloudlyProxy && !certificateAuthorities && !runsOnNode()) return createTransport();
  const options: NodeHttpFetchOptions = {
    proxyUrl: cloudlyProxy?.url.reveal(),
    certificateAuthorities,
    isRepeatable: () => true,
  };
  return createNodeHttpFetch(options);
}

function changesFetch(env: NodeJS.ProcessEnv): boolean {
  return (
    env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0' ||
    Object.keys(env).some((name) => /^(?:https?|all)_proxy$/i.test(name) && env[name] !== '')
  );
}

function runsOnNode(): boolean {
  const { node, deno, bun } = process.versions;
  return (
    node !== undefined && deno === undefined && bun === undefined && typeof process.getBuiltinModule === 'function'
  );
}
