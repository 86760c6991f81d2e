import { app, failed, locked, otherApp, updatesLocked } from './row.js';
import type { Row } from './row.js';

export const failureRows: readonly Row[] = [
  {
    shows: ['failureIsText'],
    at: ['10.3.7', '10.3.8'],
    when: 'a lock is held',
    arrange: locked,
    ask: `POST ${app}/restart`,
    before: [503, 'html', updatesLocked],
    since: [503, 'json', failed(updatesLocked)],
  },
  {
    shows: ['badBodyIsPage'],
    at: ['10.3.7', '10.3.8'],
    ask: 'POST /v1/update',
    body: '{',
    before: [400, 'html', /<pre>.+<\/pre>/],
    since: [503, 'json', failed(/.+/)],
  },
  {
    shows: ['everyRouteFails', 'unhandledErrorHangs'],
    at: ['10.3.7', '10.3.8'],
    when: 'the engine is stopped',
    arrange: ({ supervisor }) => supervisor.setEngine('stopped'),
    ask: 'GET /v2/containerId',
    before: [503, 'json', failed(/connect ECONNREFUSED .*/)],
    since: 'nothing',
  },
  {
    shows: ['unhandledErrorHangs'],
    at: ['14.0.26', '14.1.0'],
    when: 'the engine is stopped',
    arrange: ({ supervisor }) => supervisor.setEngine('stopped'),
    ask: 'GET /v2/containerId',
    before: 'nothing',
    since: 'reset',
  },
  {
    shows: ['deviceFailureIs500'],
    at: ['14.4.10', '14.5.0'],
    when: 'the engine is stopped',
    arrange: ({ supervisor }) => supervisor.setEngine('stopped'),
    ask: 'GET /v1/device',
    before: [500, 'json', /^\{"Data":"","Error":"connect ECONNREFUSED .*"\}$/],
    since: [503, 'json', failed(/connect ECONNREFUSED .*/)],
  },
  {
    shows: ['oldTypeErrorWords'],
    at: ['14.0.26', '14.1.0'],
    ask: `POST ${otherApp}/restart-service`,
    body: { serviceName: 'main' },
    before: [503, 'json', failed("Cannot read property 'volumes' of undefined")],
    since: [503, 'json', failed("Cannot read properties of undefined (reading 'volumes')")],
  },
];
