/** The current time. Production uses the system clock; tests set their own. */
export type Clock = () => Date;

/** Injection token of the {@link Clock}. */
export const CLOCK = Symbol('Clock');

export const systemClock: Clock = () => new Date();

/**
 * Milliseconds that have passed since some moment. It tells how old something is: nobody sets it, while a {@link Clock} can be set
 * back. It may stand still while the machine sleeps (clock_gettime(2), CLOCK_MONOTONIC).
 */
export type MonotonicClock = () => number;

/** Injection token of the {@link MonotonicClock}. */
export const MONOTONIC_CLOCK = Symbol('MonotonicClock');

export const systemMonotonicClock: MonotonicClock = () => performance.now();
