import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { type Browser, chromium, type Page } from 'playwright-core';

const program = (process.env['PATH'] ?? '')
  .split(':')
  .map((folder) => join(folder, 'chromium'))
  .find(isExecutable);

/** In CI, the tests of the page must run. */
export const isSkipped = program === undefined && process.env['CI'] !== 'true';

export const unlessInstalled = program === undefined ? ' (needs chromium: npx -y pnpm@12.21.0 run test:tools)' : '';

export interface Watched {
  page: Page;
  /** What the browser has complained about: errors of scripts, and what the policy has refused. */
  complaints: readonly string[];
}

export async function launchBrowser(): Promise<Browser> {
  if (program === undefined) throw new Error(`The test of the page${unlessInstalled}`);
  return chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A page of a browser that nobody has used before. */
export async function openPage(browser: Browser, baseURL: string): Promise<Watched> {
  const context = await browser.newContext({
    baseURL,
    viewport: { width: 1440, height: 900 },
    timezoneId: 'Europe/Berlin',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // Chromium logs each refused request, which the page shows itself.
    const isRefusal = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !isRefusal) complaints.push(message.text());
  });
  return { page, complaints };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
