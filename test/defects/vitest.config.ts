import { mergeConfig } from 'vitest/config';
import real from '../vitest.config.ts';
import { planted, plantedEdits } from './planting.ts';

const edits = plantedEdits();

/** The suites as they are, with the defect that the environment names planted in what they load. */
export default mergeConfig(real, {
  plugins: [
    {
      name: 'planted-defect',
      enforce: 'pre',
      transform: (code: string, id: string) => planted(edits, id, code),
    },
  ],
  // What is kept of a run with one defect would be taken for the product in the next.
  test: { fsModuleCache: false },
});
