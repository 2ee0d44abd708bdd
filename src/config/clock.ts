/** The present moment. Production reads the system's clock; tests set their own. */
export type Clock = () => Date;

/** Injection token of the {@link Clock}. */
export const CLOCK = Symbol('Clock');

export const systemClock: Clock = () => new Date();
