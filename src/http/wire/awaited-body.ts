import type { IncomingMessage } from 'node:http';

/**
 * Whether the chunks of a message hold any byte, as soon as that is known; undefined if the connection ends before. Reads
 * nothing. The time limit of requests bounds the wait.
 */
export function holdsBytes(message: IncomingMessage): Promise<boolean | undefined> {
  return new Promise((resolve) => {
    const settle = (answer?: boolean) => {
      message.off('readable', look).off('close', settleGone);
      resolve(answer);
    };
    const look = () => {
      if (message.readableLength > 0) settle(true);
      else if (message.complete) settle(false);
    };
    const settleGone = () => settle();
    message.on('readable', look).on('close', settleGone);
  });
}
