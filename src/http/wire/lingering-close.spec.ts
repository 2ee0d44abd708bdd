import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { closeWithLinger } from './lingering-close.js';

/** As much of a socket as is asked. */
class FakeSocket extends EventEmitter {
  bytesRead = 100;
  isEnded = false;
  isDestroyed = false;
  destroySoon = (): void => undefined;

  end(): void {
    this.isEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
    this.emit('close');
  }
}

let socket: FakeSocket;
beforeEach(() => {
  jest.useFakeTimers();
  socket = new FakeSocket();
  closeWithLinger(socket as unknown as Socket);
  socket.destroySoon();
});
afterEach(() => void jest.useRealTimers());

/** Lets the client send once a second for so long. */
function send(seconds: number): void {
  for (let second = 0; second < seconds; second += 1) {
    socket.bytesRead += 1;
    jest.advanceTimersByTime(1_000);
  }
}

describe('a connection that is closed while the client sends', () => {
  it('is closed for writing at once, and cut after 2 s of silence', () => {
    expect(socket.isEnded).toBe(true);
    jest.advanceTimersByTime(1_999);
    expect(socket.isDestroyed).toBe(false);
    jest.advanceTimersByTime(1);
    expect(socket.isDestroyed).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stays while the client goes on, for 30 s', () => {
    send(29);
    expect(socket.isDestroyed).toBe(false);
    send(1);
    expect(socket.isDestroyed).toBe(true);
  });

  it('is gone once the client has closed it, too', () => {
    socket.emit('end');
    expect(socket.isDestroyed).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });
});
