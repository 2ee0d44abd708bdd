import type { Engine } from '../../config/config.js';

/** A statement, and the values of its parameters. */
export interface Statement {
  text: string;
  values: unknown[];
}

/** The values of the parameters of a statement that is being written. */
export class Bindings {
  readonly values: unknown[] = [];
  private readonly sign: string;

  constructor(engine: Engine) {
    this.sign = engine === 'sqlite' ? '?' : '$';
  }

  /** Adds a value. Returns the parameter that stands for it, e.g. `?2` or `$2`. */
  add(value: unknown): string {
    this.values.push(value);
    return `${this.sign}${this.values.length}`;
  }
}
