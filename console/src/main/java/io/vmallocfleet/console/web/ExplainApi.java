/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.ContentTooLargeResponse;
import io.javalin.http.Context;
import io.javalin.http.TooManyRequestsResponse;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.console.map.HoleReasons;
import io.vmallocfleet.console.map.UploadedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** A pasted file, explained. It is read, answered and forgotten. */
final class ExplainApi {
  /** About 160,000 rows. */
  static final long MOST_BYTES = 16 * 1024 * 1024;

  private final CallerKnowledge knowledge;

  /** Two at a time and so many a minute: a file of that size costs a second and 100 MB of heap. */
  private final Semaphore atOnce = new Semaphore(2);

  private final Budget budget = new Budget(60, 60_000);

  ExplainApi(CallerKnowledge knowledge) {
    this.knowledge = knowledge;
  }

  void routes(RoutesConfig routes) {
    routes.post(
        "/api/explain", ctx -> answer(ctx, text -> ctx.json(UploadedFile.of(text, knowledge))));
    routes.post(
        "/api/explain/hole",
        ctx ->
            answer(
                ctx,
                text ->
                    ctx.json(
                        HoleReasons.between(
                            new String(text, StandardCharsets.ISO_8859_1),
                            HostApi.address(ctx, "low"),
                            HostApi.address(ctx, "high"),
                            knowledge))));
  }

  @FunctionalInterface
  private interface Answer {
    void to(byte[] text);
  }

  private void answer(Context ctx, Answer answer) throws IOException {
    if (ctx.contentLength() > MOST_BYTES) {
      throw tooLarge();
    }
    if (!budget.take() || !atOnce.tryAcquire()) {
      throw new TooManyRequestsResponse("others are being explained; try again in a moment");
    }
    try {
      byte[] text = ctx.bodyInputStream().readNBytes((int) MOST_BYTES + 1);
      if (text.length > MOST_BYTES) {
        throw tooLarge();
      }
      if (text.length == 0) {
        throw new BadRequestResponse("there is nothing in it: paste the text of /proc/vmallocinfo");
      }
      try {
        answer.to(text);
      } catch (IllegalArgumentException e) {
        throw new BadRequestResponse(e.getMessage());
      }
    } finally {
      atOnce.release();
    }
  }

  private static ContentTooLargeResponse tooLarge() {
    return new ContentTooLargeResponse(
        "the file is larger than 16 MiB: \"./vmalloc-fleet explain FILE\" takes any size");
  }
}
