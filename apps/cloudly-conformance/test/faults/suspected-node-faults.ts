import {
  bearerOf,
  changed,
  codeOf,
  messageOf,
  problem,
  someToken,
  success,
  withText,
  isRegistration,
} from '../alteration.js';
import type { Fault } from './fault.js';

/** Cloudlys that treat suspected nodes wrongly. */
export const suspectedNodeFaults: Fault[] = [
  {
    name: 'drops the results of suspected devices',
    breaks: ['suspected-until-decided'],
    alter: (next) => {
      const suspected = new Set<unknown>();
      return async (request) => {
        const { commandResults, ...message } = await messageOf(request);
        const { nodeId } = message;
        const isDropped = suspected.has(nodeId) && commandResults !== undefined;
        const response = await next(isDropped ? withText(request, JSON.stringify(message)) : request);
        if (isRegistration(request) || !response.ok) return response;
        return changed(response, (json) => {
          if (json['cloneSuspected'] === true) suspected.add(nodeId);
          return json;
        });
      };
    },
  },
  {
    name: 'issues new tokens to suspected devices',
    breaks: ['suspected-gets-no-tokens', 'suspected-until-decided'],
    alter: (next) => async (request) => {
      const response = await next(request);
      return response.ok
        ? changed(response, (json) => ({
            ...json,
            ...(json['cloneSuspected'] === true && { nextNodeToken: someToken() }),
          }))
        : response;
    },
  },
  {
    name: 'gives commands to suspected devices',
    breaks: ['suspected-gets-no-tokens', 'suspected-until-decided'],
    alter: (next) => async (request) => {
      const response = await next(request);
      const desiredState = { commands: [{ id: crypto.randomUUID(), kind: 'blink', expiresInMs: 1000 }] };
      return response.ok
        ? changed(response, (json) => ({ ...json, ...(json['cloneSuspected'] === true && { desiredState }) }))
        : response;
    },
  },
  {
    name: 'lets suspected devices register',
    breaks: ['suspected-gets-no-tokens', 'suspected-and-unrevoked', 'suspected-again'],
    alter: (next) => async (request) => {
      const { nodeId } = await messageOf(request);
      const response = await next(request);
      const isSuspected = (await codeOf(response)) === 'clone-suspected';
      return isSuspected ? success(200, { nodeId, nodeToken: someToken() }) : response;
    },
  },
  {
    name: 'activates the next token of a suspected node',
    breaks: ['suspected-keeps-its-tokens'],
    alter: (next) => {
      const firstTokens = new Map<unknown, unknown>();
      const voided = new Set<unknown>();
      return async (request) => {
        const { nodeId } = await messageOf(request);
        const bearer = bearerOf(request);
        if (isRegistration(request)) return next(request);
        if (voided.has(bearer)) return problem('node-token-unknown');
        const response = await next(request);
        if (!response.ok) return response;
        if (!firstTokens.has(nodeId)) firstTokens.set(nodeId, bearer);
        return changed(response, (json) => {
          const first = firstTokens.get(nodeId);
          if (json['cloneSuspected'] === true && first !== bearer) voided.add(first);
          return json;
        });
      };
    },
  },
];
