import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { planted, plantedEdits } from './planting.ts';

/** With `--import` of this file a process, and each of its threads, loads the product with the defect it is given. */
const edits = plantedEdits();

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    const { source: given } = loaded;
    if (!url.startsWith('file:') || given === undefined || given === null) return loaded;
    const source = typeof given === 'string' ? given : new TextDecoder().decode(given);
    return { ...loaded, source: planted(edits, fileURLToPath(url), source) };
  },
});
