import type { IncomingMessage } from 'node:http';

/**
 * Whether the chunks of a message hold any byte, as soon as that is known; undefined if the connection ends before. Reads
 * nothing. The time limit of requests bounds the wait. An error that is emitted on the message ends it.
 */
export function holdsBytes(message: IncomingMessage): Promise<boolean | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => void message.off('readable', look).off('close', settleGone).off('error', fail);
    const settle = (answer?: boolean) => {
      stop();
      resolve(answer);
    };
    const look = () => {
      if (message.readableLength > 0) settle(true);
      else if (message.complete) settle(false);
    };
    const settleGone = () => settle();
    const fail = (error: Error) => {
      // Node emits one too when the connection ends.
      if (message.destroyed) return;
      stop();
      reject(error);
    };
    message.on('readable', look).on('close', settleGone).on('error', fail);
  });
}
