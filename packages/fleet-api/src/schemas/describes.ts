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

/**
 * Two types are the same if the compiler cannot tell apart what any other is to each of them. (Under a name of its own, it would
 * compare the two only by whether one may be used as the other.)
 */
// oxlint-disable typescript/no-unnecessary-type-parameters -- it stands for any type, which no other can
type Identical<One, Other> =
  (<Any>() => Any extends One ? 1 : 2) extends <Any>() => Any extends Other ? 1 : 2 ? true : false;
// oxlint-enable typescript/no-unnecessary-type-parameters

/** As it is in JSON, which knows neither `readonly` nor `undefined`; interfaces and intersections are written out. */
type Plain<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends readonly (infer Item)[]
    ? Plain<Item>[]
    : {
        -readonly [Key in keyof Value as Exclude<Value[Key], undefined> extends never ? never : Key]: Plain<
          Exclude<Value[Key], undefined>
        >;
      };
