import { UsageError } from '@serve.zone/baseos-command-line';

/** What the link of an invitation consists of. */
export interface InvitationLink {
  /** The server, as operators reach it. */
  url: string;
  invitation: string;
}

/** @throws UsageError for anything else; it never repeats the text, which contains a secret. */
export function readInvitation(text: string): InvitationLink {
  const link = URL.parse(text.trim());
  const [, path] = /^(.*)\/invitation$/.exec(link?.pathname ?? '') ?? [];
  const invitation = link?.hash.slice(1);
  if (link && path !== undefined && invitation?.startsWith('boi_') && /^https?:$/.test(link.protocol)) {
    return { url: `${link.origin}${path}`, invitation };
  }
  throw new UsageError(
    'This is not the link of an invitation, as in https://cloudly.example/invitation#boi_... Copy the whole link, and quote it.',
  );
}
