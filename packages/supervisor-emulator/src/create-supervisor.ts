import { keyOf } from './authenticate.js';
import type { Answer } from './answer.js';
import { isFault, strangersAnswers } from './fault.js';
import type { Fault } from './fault.js';
import { fromRequest, toResponse } from './fetch-transport.js';
import { handleRequest } from './handle-request.js';
import type { SupervisorRequest } from './handle-request.js';
import type { App, Model } from './model.js';
import { openListener } from './node-listener.js';
import type { Listener, ListenOptions } from './node-listener.js';
import { Outage } from './outage.js';
import type { ParsedBody } from './parse-body.js';
import type { Reply } from './reply.js';
import type { Route } from './routes.js';
import { checkKey, isCommit, randomKey, resolveOptions } from './supervisor-options.js';
import type { Clock, SupervisorOptions } from './supervisor-options.js';
import type { SupervisorState } from './supervisor-state.js';
import { describeState } from './supervisor-state.js';
import type { ListeningSupervisor, ReleaseOffer, RequestRecord, Supervisor } from './supervisor.js';
import { boot, lock, offerRelease, settle, unlock } from './transitions.js';

/**
 * A balena Supervisor 19.0.5 without a device: a stateful stand-in for tests, demos and app developers.
 * It answers `GET /ping`, `/v1/healthy`, `/v1/device`, `/v2/state/status`, `/v2/version` and `POST /v1/update`, `/v1/reboot`.
 * @throws TypeError for an option that cannot be.
 * @see https://docs.balena.io/reference/supervisor/supervisor-api/
 */
export function createSupervisor(options: SupervisorOptions = {}): Supervisor {
  return new EmulatedSupervisor(options);
}

class EmulatedSupervisor implements Supervisor {
  readonly #keys: { app: string; global: string };
  readonly #clock: Clock;
  readonly #requests: RequestRecord[] = [];
  readonly #listeners = new Set<Listener>();
  #model: Model;
  #fault: Fault;
  #outage: Outage | null = null;

  constructor(options: SupervisorOptions) {
    const { apiKey, globalApiKey, clock, model, fault } = resolveOptions(options);
    this.#keys = { app: apiKey, global: globalApiKey };
    this.#clock = clock;
    this.#model = model;
    this.#fault = fault;
  }

  readonly fetch = async (request: Request): Promise<Response> => {
    const reply = await this.#respond(fromRequest(request));
    if (this.#model.rebootingSince !== null) this.#listeners.forEach((listener) => listener.dropConnections());
    return toResponse(reply, request.signal);
  };

  async listen(options: ListenOptions = {}): Promise<ListeningSupervisor> {
    await this.whenUp();
    const listener = await openListener(options, (request) => this.#respond(request));
    this.#listeners.add(listener);
    return {
      address: listener.address,
      close: async () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.#outage?.giveUp();
        await listener.close();
      },
    };
  }

  get apiKey(): string {
    return this.#keys.app;
  }

  get globalApiKey(): string {
    return this.#keys.global;
  }

  rotateApiKey(key: string = randomKey()): string {
    this.#keys.app = checkKey(key, 'rotateApiKey: key');
    return key;
  }

  get state(): SupervisorState {
    const { model, now } = this.#settled();
    return describeState(model, now);
  }

  get requests(): readonly RequestRecord[] {
    return [...this.#requests];
  }

  releaseAvailable({ commit, appId, firstImageId }: ReleaseOffer): void {
    if (!isCommit(commit)) throw new TypeError('releaseAvailable: commit must be a string that is not empty.');
    if (firstImageId !== undefined && !(Number.isSafeInteger(firstImageId) && firstImageId > 0)) {
      throw new TypeError('releaseAvailable: firstImageId must be a positive integer.');
    }
    const { model } = this.#settled();
    const offer = { appId: appOf(model, appId, 'releaseAvailable').appId, commit };
    this.#replace(offerRelease(model, firstImageId === undefined ? offer : { ...offer, firstImageId }));
  }

  lock(owner: { readonly appId?: number; readonly serviceName?: string } = {}): void {
    const { model, now } = this.#settled();
    const app = appOf(model, owner.appId, 'lock');
    const names = app.release.services.map(({ serviceName }) => serviceName);
    const serviceName = owner.serviceName ?? names[0];
    if (serviceName === undefined || !names.includes(serviceName)) {
      throw new TypeError(`lock: app ${app.appId} has no service "${serviceName}"; it has: ${names.join(', ')}.`);
    }
    this.#replace(lock(model, app.appId, serviceName, now));
  }

  unlock(owner: { readonly appId?: number } = {}): void {
    const { model, now } = this.#settled();
    this.#replace(unlock(model, appOf(model, owner.appId, 'unlock').appId, now));
  }

  setInstantUpdates(enabled: boolean): void {
    this.#replace({ ...this.#settled().model, instantUpdates: enabled });
  }

  setLocalMode(enabled: boolean): void {
    this.#replace({ ...this.#settled().model, localMode: enabled });
  }

  setHealthy(healthy: boolean): void {
    this.#replace({ ...this.#settled().model, healthy });
  }

  setFault(fault: Fault): void {
    if (!isFault(fault)) throw new TypeError(`setFault: there is no fault ${JSON.stringify(fault)}.`);
    this.#fault = fault;
  }

  async finishReboot(): Promise<void> {
    const { model, now } = this.#settled();
    const up = this.whenUp();
    if (model.rebootingSince !== null) this.#replace(boot(model, now));
    await up;
  }

  async whenUp(): Promise<void> {
    this.#settled();
    this.#outage?.awaitEnd();
    await this.#outage?.over;
  }

  async #respond(request: SupervisorRequest): Promise<Reply> {
    const { model } = this.#settled();
    if (model.rebootingSince !== null) return { kind: 'refused' };
    const key = keyOf({ query: request.query, authorization: request.header('authorization') });
    const authenticated = key === this.#keys.app || key === this.#keys.global;
    this.#record({ method: request.method, path: request.path, authenticated });
    const fault = this.#fault;
    if (fault === 'hang' || fault === 'reset') return { kind: fault };
    if (fault === 'bad-gateway' || fault === 'html') {
      return { kind: 'answer', answer: strangersAnswers[fault], slow: false };
    }
    const run = (route: Route, body: ParsedBody): Answer => this.#run(route, body);
    try {
      const answer = await handleRequest(request, { authorized: authenticated || model.localMode, run });
      return { kind: 'answer', answer, slow: fault === 'slow-body' };
    } catch (error) {
      if (this.#model.rebootingSince !== null) return { kind: 'reset' };
      throw error;
    }
  }

  #run(route: Route, body: ParsedBody): Answer {
    const { model, now } = this.#settled();
    if (model.rebootingSince !== null) throw new Error('The device began to reboot while the body was on its way.');
    const outcome = route.handle(model, { body, now });
    if (outcome.model) this.#replace(outcome.model);
    return outcome.answer;
  }

  #record(record: RequestRecord): void {
    this.#requests.push(record);
    if (this.#requests.length > keptRequests) this.#requests.shift();
  }

  #settled(): { model: Model; now: number } {
    const now = this.#clock.now();
    this.#replace(settle(this.#model, now));
    return { model: this.#model, now };
  }

  #replace(model: Model): void {
    const wasUp = this.#model.rebootingSince === null;
    this.#model = model;
    const isUp = model.rebootingSince === null;
    if (wasUp && !isUp) this.#goDown();
    if (!wasUp && isUp) this.#comeUp();
  }

  #goDown(): void {
    const outage = new Outage(this.#clock, this.#model.timings.rebootDurationMs, () => {
      const isUnderWay = this.#outage === outage && this.#model.rebootingSince !== null;
      if (isUnderWay) this.#replace(boot(this.#model, this.#clock.now()));
    });
    this.#outage = outage;
    this.#listeners.forEach((listener) => listener.goDown());
    if (this.#listeners.size > 0) outage.awaitEnd();
  }

  #comeUp(): void {
    const outage = this.#outage;
    void outage?.end([...this.#listeners].map((listener) => listener.comeBack())).finally(() => {
      if (this.#outage === outage) this.#outage = null;
    });
  }
}

function appOf(model: Model, appId: number | undefined, control: string): App {
  const app = appId === undefined ? model.apps[0] : model.apps.find((candidate) => candidate.appId === appId);
  if (!app) throw new TypeError(`${control}: there is no app${appId === undefined ? '' : ` ${appId}`} on this device.`);
  return app;
}

const keptRequests = 1000;
