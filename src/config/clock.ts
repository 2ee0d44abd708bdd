/** The current time. Production uses the system clock; tests set their own. */
export type Clock = () => Date;

/** Injection token of the {@link Clock}. */
export const CLOCK = Symbol('Clock');

export const systemClock: Clock = () => new Date();
