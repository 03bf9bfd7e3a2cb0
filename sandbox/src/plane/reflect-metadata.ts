/**
 * The part of the old `Reflect` metadata proposal that tsyringe, the dependency container inside @peculiar/x509, asks for when it is loaded.
 * Import it before that package. It steps back where a full polyfill is already there.
 */
interface MetadataReflect {
  getMetadata?: (key: unknown, target: object) => unknown;
  getOwnMetadata?: (key: unknown, target: object) => unknown;
  defineMetadata?: (key: unknown, value: unknown, target: object) => void;
}

const reflect = Reflect as MetadataReflect;

if (reflect.getMetadata === undefined) {
  const metadata = new WeakMap<object, Map<unknown, unknown>>();
  const own = (key: unknown, target: object): unknown => metadata.get(target)?.get(key);
  reflect.getOwnMetadata = own;
  reflect.getMetadata = (key, target) => {
    for (let level: object | null = target; level !== null; level = Object.getPrototypeOf(level) as object | null) {
      if (metadata.get(level)?.has(key) === true) return own(key, level);
    }
    return undefined;
  };
  reflect.defineMetadata = (key, value, target) => {
    const entries = metadata.get(target) ?? new Map<unknown, unknown>();
    metadata.set(target, entries.set(key, value));
  };
}
