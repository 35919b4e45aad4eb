const LOOK_MS = 20;
const LIMIT_MS = 120_000;

/** Waits until `look` says yes, asking every `everyMs`; throws with `what` where it never does. */
export async function until(
  what: string,
  look: () => boolean | Promise<boolean>,
  everyMs = LOOK_MS,
): Promise<void> {
  const endMs = performance.now() + LIMIT_MS;
  while (!(await look())) {
    if (performance.now() > endMs) throw new Error(`Never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
