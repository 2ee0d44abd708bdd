import type { HttpException } from '@nestjs/common';
import type { Operation } from '../contract/operation.js';
import type { Resource } from './routes/route-table.js';
import type { Conditions } from './fields/preconditions.js';
import type { Room } from './load/room.js';
import type { StartGate } from './head/start-gate.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What this route serves; absent on OPTIONS and where the method is not offered. */
    operation?: Operation;
    /** The value of Allow for this path, where no operation is. */
    allow?: string;
    /** The value of Accept-Patch for this path, where no operation is and PATCH is offered. */
    acceptPatch?: string;
    /** Path parameters of an OPTIONS route. */
    params?: Operation['params'];
  }

  interface FastifyInstance {
    /** Whether the field Rehearse is followed (REHEARSAL). */
    givesRehearsals: boolean;
    /** The bound of what requests keep in memory. */
    room: Room;
    /** Every path that is served. */
    resources: Resource[];
    /** Whether the service is ready. */
    startGate: StartGate;
  }

  interface FastifyRequest {
    /** Configuration of the route, from judge-head.ts on. Fastify's `routeOptions`, which has it too, is made anew with each look. */
    route: FastifyContextConfig & { url?: string };
    /** What answers if the chunks that follow hold content; until it is known the request counts as one without. */
    refusalOfContent?: HttpException;
    /** Set where the answer is a rehearsal. */
    isRehearsal?: true;
    /** Code of the problem that was answered, for the log. */
    problemCode?: string;
    /** Set where an operation takes an Idempotency-Key and the request has one. */
    idempotencyKey?: string;
    /** The Content-Type field of such a request, with its parameters. */
    contentTypeAsSent?: string;
    /** Takes room for so many bytes of content; false if there is none. Set where content will be read. */
    takeRoom?: (bytes: number) => boolean;
    /** The content as it was read, decoded. */
    contentBytes?: Buffer;
    /** Set where an operation evaluates conditions and the request has some. */
    conditions?: Conditions;
  }
}
