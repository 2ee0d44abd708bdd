import { Controller, Get, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PreferredType } from '../http/accept.js';
import { Answers } from '../http/contract/answers.decorator.js';
import { Reference } from '../http/contract/reference.js';
import { routeNotFound } from '../http/problems/http.problems.js';
import { PublicUrl } from '../http/public-url.js';
import { HTML, PAGE_POLICY } from './pages/page.js';
import { problemListPage, problemPage } from './pages/problem-pages.js';
import { statusCodesPage } from './pages/status-codes-page.js';
import { toProblemTypeDto, toStatusCodesDto } from './reference.answers.js';
import type { ProblemTypeDto, ProblemTypesDto, StatusCodesDto } from './reference.dto.js';
import { getProblemType, getStatusCodes, listProblemTypes } from './service.contract.js';

/** What the service can answer, explained from the declarations: a page for people, JSON for programs. */
@Controller()
export class ReferenceController {
  constructor(
    private readonly reference: Reference,
    private readonly publicUrl: PublicUrl,
  ) {}

  @Get('problems')
  @Answers(listProblemTypes)
  list(@PreferredType() type: string, @Res({ passthrough: true }) reply: FastifyReply): string | ProblemTypesDto {
    const { problems } = this.reference;
    if (type === HTML) return asPage(reply, problemListPage(problems, this.publicUrl));
    return { problems: problems.map((entry) => toProblemTypeDto(entry, this.publicUrl)) };
  }

  /** Problem: routeNotFound (404). */
  @Get('problems/:code')
  @Answers(getProblemType)
  get(
    @Param('code') code: string,
    @PreferredType() type: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): string | ProblemTypeDto {
    const entry = this.reference.problem(code);
    if (!entry) throw routeNotFound(`/problems/${code}`);
    return type === HTML ? asPage(reply, problemPage(entry, this.publicUrl)) : toProblemTypeDto(entry, this.publicUrl);
  }

  @Get('status-codes')
  @Answers(getStatusCodes)
  statusCodes(@PreferredType() type: string, @Res({ passthrough: true }) reply: FastifyReply): string | StatusCodesDto {
    if (type === HTML) return asPage(reply, statusCodesPage(this.reference, this.publicUrl));
    return toStatusCodesDto(this.reference, this.publicUrl);
  }
}

function asPage(reply: FastifyReply, page: string): string {
  reply.headers({ 'content-type': `${HTML}; charset=utf-8`, 'content-security-policy': PAGE_POLICY });
  return page;
}
