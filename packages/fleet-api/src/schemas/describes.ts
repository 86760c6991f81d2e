import type * as v from 'valibot';

/**
 * Gives a schema the type that it describes. The compiler rejects a schema that says anything else than the type: too much, too
 * little, or a member as optional that always is there.
 */
export function describes<Described>() {
  return <Schema extends v.GenericSchema>(
    schema: Schema & Same<Described, v.InferOutput<Schema>>,
  ): v.GenericSchema<Described> => schema as unknown as v.GenericSchema<Described>;
}

type Same<One, Other> =
  Identical<Plain<One>, Plain<Other>> extends true ? unknown : { differs: Difference<Plain<One>, Plain<Other>> };

/** For the compiler's message. */
type Difference<One, Other> = {
  [Key in keyof One | keyof Other as Identical<At<One, Key>, At<Other, Key>> extends true ? never : Key]-?: [
    described: At<One, Key>,
    schema: At<Other, Key>,
  ];
};

type At<Value, Key> = Key extends keyof Value ? Value[Key] : 'absent';

/** Two types are the same if the compiler cannot tell what any other is to each of them apart. */
type Identical<One, Other> = Kin<One> extends Kin<Other> ? true : false;

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it stands for any type, which no other can
type Kin<Value> = <Any>() => Any extends Value ? 1 : 2;

/** As it is in JSON, which knows neither `readonly` nor `undefined`; interfaces and intersections are written out. */
type Plain<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? Plain<Item>[]
    : { -readonly [Key in keyof Value]: Plain<Exclude<Value[Key], undefined>> };
