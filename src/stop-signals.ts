const STOPPING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * The signals that ask the service to stop, from the first moment on: process 1 of a container has no default for them, so one
 * that comes before there is a handler would be lost.
 */
export class StopSignals {
  private stop: (signal: NodeJS.Signals) => void = () => process.exit(0);
  private isStopping = false;

  constructor() {
    for (const signal of STOPPING) process.on(signal, () => this.take(signal));
    // Node opens a port for debuggers on this one, unless somebody listens to it.
    process.on('SIGUSR1', () => undefined);
  }

  /** What the first signal does from now on; before, it ends the process at once. */
  handleBy(stop: (signal: NodeJS.Signals) => void): void {
    this.stop = stop;
  }

  // Ctrl-C reaches the service twice under `npm start`, from the terminal and from npm: the second time must not end it.
  private take(signal: NodeJS.Signals): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.stop(signal);
  }
}
