import { useEffect, useRef, useState } from 'preact/hooks';
import type { VNode } from 'preact';
import { assertNever } from '../../shared/assert.ts';
import type { Reply, ScreenApi } from '../../shared/bridge.ts';
import type { CallResult, SetupArgs, SetupReport } from '../../shared/contract.ts';
import { type KeyWay, SET_UP_STEPS, type SetUpStep } from '../strings/service.ts';
import { useErrorText, useServiceWords } from './service-words.ts';
import { SetUpFields } from './set-up-fields.tsx';

/** What is filled in so far. */
export type SetUpForm = SetupReport['form'] & { readonly activationCode: string };

interface SetUpWizardProps {
  readonly api: ScreenApi;
  readonly report: SetupReport;
  readonly onActivated: (terminalSn: string) => void;
}

/** Set-up step by step; nothing leaves this page before the last one. */
export function SetUpWizard({ api, report, onActivated }: SetUpWizardProps): VNode {
  const words = useServiceWords();
  const [form, setForm] = useState<SetUpForm>({ ...report.form, activationCode: '' });
  const [at, setAt] = useState(0);
  const [isActivating, setIsActivating] = useState(false);
  const [reply, setReply] = useState<Reply<CallResult<'setup.apply'>> | null>(null);
  const heading = useFocusOnChange(at);
  const steps: readonly SetUpStep[] = SET_UP_STEPS[form.protocol];
  const step = steps[at] ?? 'acquirer';
  const way = form.protocol === 'upay' ? 'upay' : 'client';
  const activate = async (): Promise<void> => {
    if (isActivating) return;
    setReply(null);
    setIsActivating(true);
    const answer = await api['setup.apply'](argsOf(form));
    setReply(answer);
    setIsActivating(false);
    if (answer.ok) onActivated(answer.value.terminalSn);
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    if (step === 'review') void activate();
    else setAt(at + 1);
  };
  return (
    <form class="panel service-panel" onSubmit={onSubmit}>
      <h2>{words.setUp}</h2>
      <p>{words.setUpHint[way]}</p>
      <div class="service-step">
        <p class="field-hint">{words.stepOf(at + 1, steps.length)}</p>
        <h3 ref={heading} tabIndex={-1}>
          {words.steps[step]}
        </h3>
      </div>
      <SetUpFields
        {...{ step, form, api, report }}
        onChange={(change) => setForm((before) => ({ ...before, ...change }))}
      />
      <SetUpFailure reply={reply} way={way} />
      <div class="service-actions">
        {at > 0 && (
          <button type="button" class="button" disabled={isActivating} onClick={() => setAt(at - 1)}>
            {words.previous}
          </button>
        )}
        <button type="submit" class="button button-primary" aria-disabled={isActivating}>
          {step !== 'review' ? words.next : words[isActivating ? 'applying' : 'apply'][way]}
        </button>
      </div>
    </form>
  );
}

interface SetUpFailureProps {
  readonly reply: Reply<CallResult<'setup.apply'>> | null;
  readonly way: KeyWay;
}

function SetUpFailure({ reply, way }: SetUpFailureProps): VNode | null {
  const words = useServiceWords();
  const errorText = useErrorText();
  if (reply === null || reply.ok) return null;
  const { code } = reply.error;
  return (
    <p class="notice" role="alert">
      {code === 'no_reply' ? words.noAnswerToApply[way] : errorText(reply.error)} <code>{code}</code>
    </p>
  );
}

/** A new step is read out, and the keyboard goes on from its top. */
function useFocusOnChange(at: number) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) heading.current?.focus();
    isFirst.current = false;
  }, [at]);
  return heading;
}

function argsOf(form: SetUpForm): SetupArgs {
  const trimmed = Object.fromEntries(
    Object.entries(form).map(([name, text]) => [name, text.trim()]),
  ) as unknown as SetUpForm;
  const { protocol, apiDomain, timeZone, clientId, keyVersion, clientKeyFile: keyFile } = trimmed;
  const client = { apiDomain, timeZone, clientId, keyVersion, keyFile };
  switch (protocol) {
    case 'upay': {
      const { vendorSn, appId, vendorKeyFile, activationCode, deviceId, deviceName } = trimmed;
      const vendor = { vendorSn, appId, vendorKeyFile, activationCode };
      return { protocol, apiDomain, timeZone, ...vendor, deviceId, deviceName };
    }
    case 'alipayplus': {
      const { alipayplusPathPrefix: pathPrefix, acquirerId, pspId } = trimmed;
      return { protocol, ...client, pathPrefix, acquirerId, pspId };
    }
    case 'miniprogram':
      return { protocol, ...client, pathPrefix: trimmed.miniprogramPathPrefix };
    default:
      return assertNever(protocol);
  }
}
