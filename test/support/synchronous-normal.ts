import { registerHooks } from 'node:module';

/**
 * Plants the defect that the power-cut test must find: with `--import` of this file, the product's own
 * opening of a database sets synchronous=NORMAL, at which a commit is not synced, and is content with it.
 */
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith('/main/database/open.ts')) return loaded;
    const { source: given } = loaded;
    const source = typeof given === 'string' ? given : new TextDecoder().decode(given);
    const planted = source
      .replace("'synchronous = FULL'", "'synchronous = NORMAL'")
      .replace(
        "pragma('synchronous', { simple: true }) !== 2",
        "pragma('synchronous', { simple: true }) !== 1",
      );
    if (planted.split('NORMAL').length === source.split('NORMAL').length || !planted.includes('!== 1'))
      throw new Error('the opening reads otherwise now; plant the defect anew');
    return { ...loaded, source: planted };
  },
});
