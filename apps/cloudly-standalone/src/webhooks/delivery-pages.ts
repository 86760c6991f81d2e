import type { CallerFleet, Delivery, DeliveryState } from '@serve.zone/baseos-cloudly-handlers';

const PAGE = 100;

/** The deliveries of a webhook, the newest first, page by page. */
export async function* deliveryPages(
  fleet: Pick<CallerFleet, 'listDeliveries'>,
  webhookId: string,
  { state, limit }: { state: DeliveryState | undefined; limit: number },
): AsyncGenerator<readonly Delivery[]> {
  let left = limit;
  let before: number | undefined;
  while (left > 0) {
    const asked = Math.min(left, PAGE);
    const page = await fleet.listDeliveries(webhookId, { state, before, limit: asked });
    yield page;
    if (page.length < asked) return;
    left -= page.length;
    before = page.at(-1)?.number;
  }
}
