import { createHash } from 'node:crypto';

import type { Model } from '../model/model.js';
import type { AppState, ContainerState, SupervisorState } from '../views/supervisor-state.js';
import type { RequestRecord } from '../server/request-record.js';
import type { ImageView } from '../views/app-view.js';
import { markup } from './markup.js';
import type { Markup } from './markup.js';
import { pageScript, pageStyle } from './page-assets.js';

/** The facts on the page at `/`. */
export interface PageFacts {
  state: SupervisorState;
  model: Model;
  /** Oldest first. */
  requests: readonly RequestRecord[];
}

/** The status page at `/`: what this is, and the state of the emulated device. It contains no key and loads nothing from elsewhere. */
export function statePage({ state, model, requests }: PageFacts): Markup {
  const { deviceName } = model.host;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${deviceName}: emulated balena Supervisor</title>
<style>${{ html: pageStyle }}</style>
</head>
<body>
<header>
<h1>${deviceName}</h1>
<p>This is an emulated balena Supervisor ${model.device.supervisorVersion}, without a device, by
<code>@serve.zone/balena-supervisor-emulator</code>. It serves the Supervisor's API. A real Supervisor has no such page.</p>
<p><button type="button" id="pause" hidden aria-pressed="false">Pause refreshing</button>
<noscript>Reload the page to see changes.</noscript></p>
</header>
<main id="state">
${deviceSection(state)}
${state.apps.length === 0 ? markup`<p>No app is running.</p>` : state.apps.map(appSection)}
${requestSection(requests)}
</main>
<script>${{ html: pageScript }}</script>
</body>
</html>
`;
}

/** Allows what the page does, and nothing else. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src ${hashOf(pageStyle)}`,
  `script-src ${hashOf(pageScript)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function deviceSection(state: SupervisorState): Markup {
  const facts: readonly (readonly [string, string])[] = [
    ['Supervisor', state.healthy ? 'healthy' : 'unhealthy'],
    ['Cloud', state.unmanaged ? 'none (unmanaged device)' : state.cloudReachable ? 'reachable' : 'not reachable'],
    ['Local mode', state.localMode ? 'on: no API key needed' : 'off'],
    ['Instant updates', state.instantUpdates ? 'on' : 'off: only forced updates are applied'],
    ['Container engine', state.engine],
    ...(state.hostUpdate ? [['Host OS', 'update in progress'] as const] : []),
    ...(state.blinking ? [['LED', 'blinking'] as const] : []),
    ['Boot', state.bootId],
  ];
  return markup`<section aria-labelledby="device">
<h2 id="device">Device</h2>
<dl>${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`;
}

function appSection(app: AppState): Markup {
  const id = `app-${app.appId}`;
  return markup`<section aria-labelledby="${id}">
<h2 id="${id}">${app.appName} <small>app ${app.appId}</small></h2>
<p>Runs release <code>${app.commit}</code>. ${progressOf(app)}</p>
${app.locks.length === 0 ? undefined : markup`<p>The update lock is held by ${app.locks.join(', ')}.</p>`}
${app.busy ? markup`<p>The Supervisor itself holds the app's locks.</p>` : undefined}
<table>
<caption>Services</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Status</th><th scope="col">Container</th><th scope="col">Running since</th></tr></thead>
<tbody>${app.containers.map(containerRow)}</tbody>
</table>
<table>
<caption>Images</caption>
<thead><tr><th scope="col">Service</th><th scope="col">Status</th><th scope="col">Image</th></tr></thead>
<tbody>${app.images.map(imageRow)}</tbody>
</table>
</section>`;
}

function progressOf({ update, recreating, commit, targetCommit }: AppState): Markup | string {
  if (recreating !== undefined) return `A ${recreating} is in progress.`;
  if (update === undefined) {
    if (commit === targetCommit) return 'This is the latest release.';
    return markup`Release <code>${targetCommit}</code> is available.`;
  }
  const { stage, downloadProgress } = update;
  return markup`Updating to <code>${update.commit}</code>: ${stage.replaceAll('-', ' ')}
<progress max="100" value="${downloadProgress}" aria-label="Download">${percent(downloadProgress)}</progress> ${percent(downloadProgress)}`;
}

function containerRow({ serviceName, status, containerId, startedAt }: ContainerState): Markup {
  return markup`<tr><th scope="row">${serviceName}</th><td>${status}</td><td><code>${containerId.slice(0, 12)}</code></td>
<td>${startedAt === undefined ? 'not running' : markup`<time datetime="${startedAt}">${readable(startedAt)}</time>`}</td></tr>`;
}

function imageRow({ serviceName, status, downloadProgress, name }: ImageView): Markup {
  const shown = downloadProgress == null ? status : `${status}, ${percent(downloadProgress)}`;
  return markup`<tr><th scope="row">${serviceName}</th><td>${shown}</td><td><code>${shortImage(name)}</code></td></tr>`;
}

function requestSection(requests: readonly RequestRecord[]): Markup {
  const recent = requests.slice(-shownRequests).toReversed();
  return markup`<section aria-labelledby="requests">
<h2 id="requests">Recent requests</h2>
${
  recent.length === 0
    ? markup`<p>None yet.</p>`
    : markup`<table>
<caption>Latest first; ${requests.length} kept</caption>
<thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">Key</th></tr></thead>
<tbody>${recent.map(requestRow)}</tbody>
</table>`
}
</section>`;
}

function requestRow({ method, path, authenticated }: RequestRecord): Markup {
  return markup`<tr><td>${method}</td><td><code>${path}</code></td><td>${authenticated ? 'valid' : 'missing or invalid'}</td></tr>`;
}

// With a non-breaking space.
function percent(value: number): string {
  return `${value}\u00A0%`;
}

function shortImage(name: string): string {
  return name.replace(/(sha256:[\da-f]{12})[\da-f]+$/, '$1…');
}

function readable(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

const shownRequests = 20;
