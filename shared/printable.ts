import { z } from 'zod';

/** A text of a person or a document: at least one character, and none that a screen does not show. */
export const printable = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\p{Cf}]+$/u, 'must not contain control characters');
