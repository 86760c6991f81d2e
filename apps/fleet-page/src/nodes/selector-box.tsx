import type { JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { countFields, type CountField, type ValueCount } from '@serve.zone/baseos-cloudly-handlers';
import { server } from '../session/server.js';
import { Icon } from '../ui/icon.js';
import { useKeys } from '../ui/keys.js';
import { completeSelector } from './complete-selector.js';
import { selectorMistake } from './selector-mistake.js';

export interface SelectorBoxProps {
  value: string;
  /** What stands at its end: how many match. */
  tail: string;
  /** A selector that can be read, once it is typed. */
  onChoose: (selector: string) => void;
}

const TYPED_MS = 500;

/** A line in which to say which nodes, with what could come next. */
export function SelectorBox({ value, tail, onChoose }: SelectorBoxProps): JSX.Element {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(value.length);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [mistake, setMistake] = useState<string>();
  const [labelKeys, setLabelKeys] = useState<readonly ValueCount[]>([]);
  const [values, setValues] = useState<{ of: string; values: readonly ValueCount[] }>({ of: '', values: [] });
  const completion = completeSelector(text, caret, { labelKeys, values: [] });
  const { valuesOf } = completion;
  const suggestions =
    valuesOf === undefined || values.of !== valuesOf
      ? completion.suggestions
      : completeSelector(text, caret, { labelKeys, values: values.values }).suggestions;
  const isListed = isOpen && suggestions.length > 0;

  useEffect(() => {
    setText(value);
    setMistake(selectorMistake(value));
  }, [value]);
  useEffect(() => {
    if (isOpen && labelKeys.length === 0) server.labelKeys(100).then(setLabelKeys, () => undefined);
  }, [isOpen]);
  useEffect(() => {
    const isCounted = valuesOf?.startsWith('label.') || countFields.some((field) => field === valuesOf);
    if (valuesOf === undefined || !isCounted) return;
    server.countBy(valuesOf as CountField, { limit: 100 }).then(
      (counted) => setValues({ of: valuesOf, values: counted }),
      () => undefined,
    );
  }, [valuesOf]);
  useEffect(() => {
    // What ends in an operator is not over: without a value, it means nodes that have none.
    if (text === value || /[:=<>~,]$/.test(text)) return undefined;
    const timer = setTimeout(() => {
      const found = selectorMistake(text);
      setMistake(found);
      if (found === undefined) onChoose(text.trim());
    }, TYPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  useKeys({ '/': () => input.current?.focus() });

  const read = (): void => {
    setText(input.current?.value ?? '');
    setCaret(input.current?.selectionStart ?? 0);
    setActive(-1);
  };
  const take = (index: number): void => {
    const suggestion = suggestions[index];
    if (!suggestion) return;
    const isWhole = valuesOf !== undefined || !/[:=<>~]$/.test(suggestion.text);
    const inserted = suggestion.text + (isWhole ? ' ' : '');
    const next = text.slice(0, completion.from) + inserted + text.slice(completion.to).replace(/^ /, '');
    const place = completion.from + inserted.length;
    setText(next);
    setCaret(place);
    setActive(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(place, place);
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      const step = key === 'ArrowDown' ? 1 : -1;
      setIsOpen(true);
      setActive(
        (active + step + suggestions.length + (active < 0 && step < 0 ? 1 : 0)) % Math.max(1, suggestions.length),
      );
    } else if (key === 'Tab' && isListed && active >= 0) take(active);
    else if (key === 'Enter' && isListed && active >= 0) take(active);
    else if (key === 'Enter') {
      setIsOpen(false);
      const found = selectorMistake(text);
      setMistake(found);
      if (found === undefined) onChoose(text.trim());
    } else if (key === 'Escape' && isOpen) setIsOpen(false);
    else return;
    event.preventDefault();
  };
  return (
    <div class="combo">
      <Icon name="search" />
      <input
        ref={input}
        class="mono"
        role="combobox"
        aria-label="Filter nodes with a selector"
        aria-expanded={isListed}
        aria-controls={`${id}l`}
        aria-autocomplete="list"
        aria-activedescendant={isListed && active >= 0 ? `${id}o${active}` : undefined}
        aria-describedby={`${id}h${mistake === undefined ? '' : ` ${id}e`}`}
        aria-invalid={mistake !== undefined || undefined}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        placeholder=""
        value={text}
        onInput={() => {
          read();
          setIsOpen(true);
        }}
        onClick={read}
        onFocus={() => setIsOpen(true)}
        onBlur={() => setIsOpen(false)}
        onKeyDown={onKeyDown}
      />
      <span class="tail">{tail}</span>
      <span class="vh" id={`${id}h`}>
        Type words, or a field, an operator and a value. Press the down arrow for suggestions.
      </span>
      {mistake !== undefined && (
        <p class="err" id={`${id}e`}>
          <Icon name="bad" />
          {mistake}
        </p>
      )}
      <div class="list" hidden={!isListed}>
        <ul role="listbox" id={`${id}l`} aria-label="Suggestions">
          {suggestions.map(({ text: suggested, what, count }, index) => (
            <li
              key={suggested}
              role="option"
              id={`${id}o${index}`}
              aria-selected={index === active}
              onMouseDown={(event) => {
                event.preventDefault();
                take(index);
              }}
            >
              <code>{suggested}</code>
              <span class="muted small">{what}</span>
              <span class="muted small">{count?.toLocaleString('en-US')}</span>
            </li>
          ))}
        </ul>
        <p class="keys">
          <span>
            <kbd>↑</kbd> <kbd>↓</kbd> choose
          </span>
          <span>
            <kbd>Tab</kbd> complete
          </span>
          <span>
            <kbd>Enter</kbd> search
          </span>
          <span>
            <kbd>Esc</kbd> close
          </span>
        </p>
      </div>
    </div>
  );
}
