import type { Deadline } from "./deadline";
import type { Output } from "./output";

/**
 * Says what a wait is still missing: at once, then about every ten seconds, more rarely the longer
 * it takes, so that an hour of waiting still fits into a step's output.
 */
export class Progress {
  private saidAtSeconds = Number.NEGATIVE_INFINITY;
  private said = "";

  constructor(
    private readonly output: Output,
    private readonly deadline: Deadline,
  ) {}

  report(text: string): void {
    const now = this.deadline.elapsedSeconds;
    if (now - this.saidAtSeconds < intervalSeconds(now)) return;
    this.saidAtSeconds = now;
    this.output.phase(text === this.said ? "still waiting for the same" : text);
    this.said = text;
  }
}

function intervalSeconds(elapsedSeconds: number): number {
  if (elapsedSeconds < 120) return 10;
  return elapsedSeconds < 600 ? 30 : 120;
}
