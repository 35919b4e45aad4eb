import type { Page } from 'playwright-core';

/** What became of code that was planted in a page. */
export interface Planted {
  readonly blocked: readonly string[];
  /** Which of the attempts ran. */
  readonly planted: readonly string[];
}

/** Tries what an injected text could try, inside the page. Without a policy every attempt runs. */
export function plantCode(page: Page): Promise<Planted> {
  return page.evaluate(async () => {
    const blocked: string[] = [];
    const planted: string[] = [];
    Object.assign(globalThis, { planted });
    document.addEventListener('securitypolicyviolation', (event) => blocked.push(event.effectiveDirective));
    const attempt = (run: () => void) => {
      try {
        run();
      } catch (error) {
        blocked.push(error instanceof TypeError ? 'TypeError' : String(error));
      }
    };
    attempt(() => {
      const script = document.createElement('script');
      script.append("planted.push('inline')");
      document.body.append(script);
    });
    attempt(() => {
      const link = document.createElement('a');
      link.href = "javascript:void planted.push('link')";
      document.body.append(link);
      link.click();
    });
    attempt(() => {
      document.body.insertAdjacentHTML('beforeend', `<img src="data:," onerror="planted.push('markup')">`);
    });
    attempt(() => {
      const image = document.createElement('img');
      image.setAttribute('onerror', "planted.push('attribute')");
      image.src = 'data:,';
      document.body.append(image);
    });
    attempt(() => document.body.setAttribute('style', 'color: red'));
    // The debugger's own turn may evaluate whatever the policy says; the page's turns may not.
    setTimeout(() => {
      attempt(() => {
        const evaluate = Reflect.get(globalThis, 'eval') as (code: string) => unknown;
        evaluate("planted.push('evaluated')");
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { blocked, planted };
  });
}
