const STOPPING = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Handles the signals that stop the service, from the first moment on. Process 1 of a container has no default action for
 * them, so a signal without a handler would be lost.
 */
export class StopSignals {
  private stop: (signal: NodeJS.Signals) => void = () => process.exit(0);
  private isStopping = false;

  constructor() {
    for (const signal of STOPPING) process.on(signal, () => this.take(signal));
    // Without a listener, Node opens a debugger port on this signal.
    process.on('SIGUSR1', () => undefined);
  }

  /** What the first signal does from now on. Before this call it ends the process at once. */
  handleBy(stop: (signal: NodeJS.Signals) => void): void {
    this.stop = stop;
  }

  // Under `npm start` Ctrl-C arrives twice, from the terminal and from npm. The second one must not end the process.
  private take(signal: NodeJS.Signals): void {
    if (this.isStopping) return;
    this.isStopping = true;
    this.stop(signal);
  }
}
