import { setMaxListeners } from "node:events";

/** Thrown by waits when the step's time is up or it was told to stop. */
export class DeadlineExceeded extends Error {}

/** One deadline for a whole step: every wait and every child process ends with it. */
export class Deadline {
  private readonly startedAt = performance.now();
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;

  constructor(readonly seconds: number) {
    // One listener a child and wait: many side by side are no leak.
    setMaxListeners(0, this.signal);
    this.timer = setTimeout(() => this.controller.abort(), seconds * 1000);
    this.timer.unref();
  }

  /** Aborted when the time is up, and when the step is told to stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get elapsedSeconds(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  get remainingSeconds(): number {
    return this.signal.aborted ? 0 : Math.max(0, this.seconds - this.elapsedSeconds);
  }

  /** Ends every wait now, as a signal to the process asks for. */
  stop(): void {
    this.controller.abort();
  }

  /** Frees the timer once the step is done. */
  close(): void {
    clearTimeout(this.timer);
  }

  /** Waits, or throws when the deadline comes first. */
  async sleep(seconds: number): Promise<void> {
    if (seconds >= this.remainingSeconds) {
      await this.pause(this.remainingSeconds);
      throw new DeadlineExceeded();
    }
    await this.pause(seconds);
    if (this.signal.aborted) throw new DeadlineExceeded();
  }

  private pause(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, seconds * 1000);
      this.signal.addEventListener("abort", done);
      if (this.signal.aborted) done();
    });
  }
}
