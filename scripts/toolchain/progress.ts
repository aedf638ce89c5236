/** A place where long work says what it does, one line at a time. */
export interface Progress {
  /** Says one thing, with the time since the start. */
  say(text: string): void;
  /** Says that something long has begun, then goes on saying so; the returned function ends it with a last line. */
  begin(text: string, hint?: string): (ending: string) => void;
}

const reminderSeconds = 20;

/**
 * Progress on a stream, standard error by default, so that standard output stays what a script wants to read.
 */
export function progressTo(
  name: string,
  stream: { write(text: string): unknown } = process.stderr,
): Progress {
  const started = Date.now();
  const say = (text: string) =>
    void stream.write(`${name} ${formatElapsed(Date.now() - started).padStart(6)}  ${text}\n`);
  return {
    say,
    begin(text, hint = "") {
      const began = Date.now();
      say(`${text}${hint} ...`);
      // Minutes of silence look like a hang, and in CI like one that has to be killed.
      const reminder = setInterval(() => say(`${text}: still at it`), reminderSeconds * 1000);
      reminder.unref();
      return (ending) => {
        clearInterval(reminder);
        say(`${ending} (${formatElapsed(Date.now() - began)})`);
      };
    },
  };
}

/** Progress that says nothing, for callers that have their own. */
export const silent: Progress = { say: () => {}, begin: () => () => {} };

/** A duration as people read it: `0.4s`, `12s`, `3m05s`. */
export function formatElapsed(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  if (seconds < 60) return `${Math.round(seconds)}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}m${String(whole % 60).padStart(2, "0")}s`;
}
