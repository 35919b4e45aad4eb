import type { Answer } from '../shared/contract.ts';
import { messageOf, type Failure } from '../shared/errors.ts';

/** A failure as every host answers it: the sentence for people, its parts for programs. */
export function refusedAnswer(refusal: Failure): Answer<never> {
  const { code, detail, clientSn } = refusal;
  return {
    ok: false,
    error: {
      code,
      message: messageOf(refusal),
      ...(detail === undefined ? {} : { detail }),
      ...(clientSn === undefined ? {} : { clientSn }),
    },
  };
}
