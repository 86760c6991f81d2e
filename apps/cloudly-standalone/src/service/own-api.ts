import {
  createFleet,
  type SeenRequest,
  type StoreWithAccounts,
  type WebhookServices,
} from '@serve.zone/baseos-cloudly-handlers';
import { createFleetApi, type OfferedInvitation } from '@serve.zone/baseos-fleet-api';
import { createFleetPage } from '@serve.zone/baseos-fleet-page';
import { createOperators } from '../accounts/create-operators.js';
import { isLiveOperator } from '../accounts/decisions/lapses.js';
import { createDoors } from '../accounts/doors/doors.js';
import { readPublicUrl } from '../accounts/doors/public-address.js';
import { inviteFirst } from '../accounts/calls/invitation-calls.js';
import type { Passwords } from '../accounts/passwords/passwords.js';
import { scopedKeys } from '../accounts/decisions/scoped-keys.js';

export interface OwnApiOptions {
  /**
   * Where operators reach the server: its scheme, its host and the prefix of its paths. The API refuses requests for another host.
   *
   * @default this machine, for operators who are on it
   */
  publicUrl?: string | undefined;
  /**
   * Also accept passwords on plain HTTP, from other machines.
   *
   * @default false
   */
  allowPlainHttp?: boolean | undefined;
  /** @default createPasswords() */
  passwords?: Passwords | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
}

/** The API of operators, with accounts of this server, and the page over it. */
export interface OwnApi {
  /** Answers a request for one of the two; `undefined` for a request that is for something else. */
  answer(this: void, request: Request, info: unknown): Promise<Response> | undefined;
  /** The same for a port of its own: what is for nothing gets a problem. */
  fetch(this: void, request: Request, info: unknown): Promise<Response>;
  /** Call it every few seconds. */
  runUpkeep: () => void;
  /** Refuses new requests, answers those in flight, and stores what was counted. */
  end: () => Promise<void>;
  hasOperators: () => Promise<boolean>;
  /**
   * A link by which somebody becomes the first operator.
   *
   * @throws FleetError if there is one
   */
  inviteFirst: () => Promise<OfferedInvitation>;
}

interface OwnApiContext {
  store: StoreWithAccounts;
  clientAddress: (request: SeenRequest, info: unknown) => string | undefined;
  isTls: boolean;
  /** Where the server listens, once it does. */
  localUrl: () => string;
  onError: (error: unknown) => void;
  webhooks: WebhookServices | undefined;
}

export function createOwnApi(
  { store, clientAddress, isTls, localUrl, onError, webhooks }: OwnApiContext,
  { publicUrl, allowPlainHttp = false, passwords, now = Date.now }: OwnApiOptions,
): OwnApi {
  const { accounts } = store;
  const publicAddress = publicUrl === undefined ? undefined : readPublicUrl('publicUrl', publicUrl);
  const urlOfLinks = (): string => publicAddress?.url ?? localUrl();
  const { operators, authenticate, runUpkeep, end } = createOperators({
    store: accounts,
    doors: createDoors({ publicAddress, isTls, allowPlainHttp }),
    publicUrl: urlOfLinks,
    clientAddress,
    passwords,
    now,
    onError,
  });
  const fleet = createFleet({
    store,
    now,
    webhooks,
    scopedLabelKeys: async () => scopedKeys(await accounts.read(), now()),
  });
  const api = createFleetApi({
    fleet,
    onNews: (onNews) => store.onNews(onNews),
    authenticate,
    operators,
    clientAddress,
    now,
    onError,
  });
  const page = createFleetPage({ prefix: publicAddress && new URL(publicAddress.url).pathname.replace(/\/$/, '') });
  const answer: OwnApi['answer'] = (request, info) =>
    isOfApi(new URL(request.url).pathname) ? api.fetch(request, info) : page.answer(request);
  return {
    answer,
    fetch: (request, info) => answer(request, info) ?? api.fetch(request, info),
    runUpkeep() {
      runUpkeep();
      api.runUpkeep();
    },
    async end() {
      await api.drain();
      await end();
    },
    hasOperators: async () => (await accounts.read()).operators.some(isLiveOperator),
    inviteFirst: () => inviteFirst({ store: accounts, now, publicUrl: urlOfLinks }, system),
  };
}

/** Below whatever path a proxy leaves in front. */
function isOfApi(path: string): boolean {
  return `${path}/`.includes('/api/v1/');
}

const system = { actor: 'system', role: 'admin' } as const;
