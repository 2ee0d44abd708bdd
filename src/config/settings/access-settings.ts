import { isLoopback, isLoopbackUrl } from './loopback.js';
import { Misfit } from './misfit.js';

/** Whether operations with a scope need a credential. */
export type Auth = 'required' | 'off';

/**
 * How to read `AUTH`. Others reach the service if `HOST` is not loopback, or clients come from elsewhere by `PUBLIC_URL`. Then
 * there is no default: nobody opens a registry to a network by leaving a setting out. Settings that are unusable themselves
 * are undefined.
 */
export function authSetting(host: string | undefined, publicUrl: string | undefined) {
  const reason = reachedFromElsewhere(host, publicUrl);
  return {
    fallback: reason === undefined ? 'off' : '',
    expected: 'required or off',
    parse: (text: string): Auth | Misfit | undefined => {
      if (text === 'required' || text === 'off') return text;
      return text === '' ? new Misfit(wayOut(reason)) : undefined;
    },
  };
}

/** Why others than this machine reach the service. Undefined if they don't. */
export function reachedFromElsewhere(host: string | undefined, publicUrl: string | undefined): string | undefined {
  if (host !== undefined && !isLoopback(host)) return `HOST=${host} is not loopback`;
  if (publicUrl !== undefined && !isLoopbackUrl(publicUrl)) return 'PUBLIC_URL is not on loopback';
  return undefined;
}

function wayOut(reason: string | undefined): string {
  return (
    `set, since ${reason}: AUTH=required asks for credentials (make the first key by ` +
    '`npm run keys -- create --name <name> --scopes items:read,items:write`), ' +
    'AUTH=off lets everybody who reaches the service read and change everything'
  );
}
