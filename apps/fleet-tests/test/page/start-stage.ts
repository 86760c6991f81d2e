import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallerFleet, createFleet, fleetFor } from '@serve.zone/baseos-cloudly-handlers';
import { startStandaloneCloudly } from '@serve.zone/baseos-cloudly-standalone';
import { endpointUrl, parseRegisterAnswer } from '@serve.zone/baseos-contracts';
import statusExample from '@serve.zone/baseos-contracts/examples/runtime-status.json' with { type: 'json' };
import { type AdmittedNode, createEmulatedNode } from '@serve.zone/baseos-testing/nodes/emulated-node';
import type { Browser } from 'playwright-core';
import { launchBrowser, openPage, type Watched } from './browser.js';

export const PASSWORD = 'correct horse battery';

/** Markup in whatever somebody else says: none of it may become an element. */
export const canary = '<img src=x onerror=alert(1)>';

/** A server with a fleet, and a browser before it. */
export interface Stage {
  url: string;
  /** For somebody who may do everything. */
  fleet: CallerFleet;
  browser: Browser;
  firstLink: string;
  /** A node that has registered, and sent a heartbeat. */
  enrol: (
    hostname: string,
    options?: { requiresApproval?: boolean; labels?: Record<string, string> },
  ) => Promise<AdmittedNode>;
  /** A device that has this join token. */
  enrolBy: (joinToken: string) => Promise<void>;
  beat: (node: AdmittedNode, changes?: object) => Promise<void>;
  /** A browser of somebody who has signed in. */
  signedIn: (name?: string) => Promise<Watched>;
  close: () => Promise<void>;
}

export async function startStage(database: { url: string } | 'sqlite'): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'page-'));
  const cloudly = await startStandaloneCloudly(
    database === 'sqlite' ? { databasePath: join(folder, 'fleet.sqlite') } : { databaseUrl: database.url },
  );
  const { store, apiUrl: url } = cloudly;
  const fleet = fleetFor(createFleet({ store }), { actor: 'host:stage', role: 'admin' });
  const browser = await launchBrowser();
  const { link: firstLink } = await cloudly.inviteFirst();

  const send = async (node: AdmittedNode, changes: object): Promise<void> => {
    const response = await post(endpointUrl(cloudly.url, 'heartbeat'), node.nodeToken, node.heartbeat(changes));
    if (!response.ok) throw new Error(`The heartbeat was answered with ${response.status}`);
  };
  const register = async (joinToken: string, hostname: string): Promise<AdmittedNode> => {
    const node = createEmulatedNode();
    const registration = node.registration({ status: statusOf(hostname) });
    const response = await post(endpointUrl(cloudly.url, 'register'), joinToken, registration);
    const answer = parseRegisterAnswer(await response.text());
    if (!answer.ok) throw new Error('The node was not admitted');
    // One that waits for approval has no token yet.
    return { ...node, nodeToken: answer.value.accepted ? answer.value.nodeToken : '' };
  };
  return {
    url,
    fleet,
    browser,
    firstLink,
    enrolBy: async (joinToken) => void (await register(joinToken, 'by-token')),
    async enrol(hostname, options = {}) {
      const { joinToken } = await fleet.createJoinToken(options);
      const admitted = await register(joinToken, hostname);
      if (!options.requiresApproval) await send(admitted, {});
      return admitted;
    },
    beat: (node, changes = {}) => send(node, changes),
    async signedIn(name = 'ada') {
      const watched = await openPage(browser, url);
      await watched.page.goto('/');
      await watched.page.getByLabel('Name').fill(name);
      await watched.page.getByLabel('Password').fill(PASSWORD);
      await watched.page.getByRole('button', { name: 'Sign in' }).click();
      await watched.page.getByRole('heading', { name: 'Nodes', exact: true }).waitFor();
      return watched;
    },
    async close() {
      await browser.close();
      await cloudly.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function statusOf(hostname: string): object {
  return { ...statusExample, host: { ...statusExample.host, hostname } };
}

function post(url: string, token: string, message: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(message),
  });
}
