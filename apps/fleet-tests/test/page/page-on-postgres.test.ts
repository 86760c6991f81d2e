import {
  isSkipped as isWithoutPostgres,
  unlessInstalled,
} from '@serve.zone/baseos-cloudly-handlers/fixtures/postgres-server';
import { usePostgres } from '@serve.zone/baseos-cloudly-handlers/fixtures/use-postgres';
import { describe, expect, onTestFinished, test } from 'vitest';
import { buildBaseRunner } from '../build-clis.js';
import { Device } from '../device.js';
import { isSkipped, openPage, unlessInstalled as unlessChromium } from './browser.js';
import { PASSWORD, startStage } from './start-stage.js';

describe.skipIf(isSkipped || isWithoutPostgres)(`the page on PostgreSQL${unlessInstalled}${unlessChromium}`, () => {
  const postgres = usePostgres();

  test('shows every view, and a device with the real agent as soon as it enrols', async () => {
    const stage = await startStage({ url: postgres.url() });
    onTestFinished(() => stage.close());
    const { page, complaints } = await openPage(stage.browser, stage.url);
    await page.goto(stage.firstLink);
    await page.getByLabel('Name').fill('ada');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Become an operator' }).click();
    await page.getByRole('heading', { name: 'No nodes yet' }).waitFor();

    const device = await Device.create((await buildBaseRunner()).path, stage.url);
    onTestFinished(() => device.remove());
    const { joinToken } = await stage.fleet.createJoinToken();
    device.start(joinToken);
    await page.getByRole('button', { name: '1 changed: refresh' }).click();
    await page.getByRole('row').nth(1).getByText('Online').waitFor();
    await page.getByRole('row').nth(1).getByRole('link').click();
    await page.getByText('The node is online.').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Registered' }).waitFor();

    for (const [name, landmark] of [
      ['Approvals', 'No node waits for approval'],
      ['Join tokens', 'Used up'],
      ['Audit', 'operator-joined'],
      ['Settings', 'Your sessions'],
    ] as const) {
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
      await page.getByText(landmark).first().waitFor();
    }
    expect(complaints).toEqual([]);
  });
});
