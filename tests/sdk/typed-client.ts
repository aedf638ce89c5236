import ts from "typescript";
import type { Properties, ValueType } from "./official-client";

export interface TypedResource {
  readonly inputs: Properties;
  readonly outputs: Properties;
  readonly state: Properties;
}

export interface TypedFunction {
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** The types `@pulumiverse/talos` exports, as the compiler understands them. */
export class TypedClient {
  private readonly checker: ts.TypeChecker;
  private readonly root: ts.Symbol;

  constructor() {
    const options: ts.CompilerOptions = {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      skipLibCheck: true,
    };
    const resolved = ts.resolveModuleName("@pulumiverse/talos", __filename, options, ts.sys);
    const file = resolved.resolvedModule?.resolvedFileName;
    if (file === undefined) {
      throw new Error("@pulumiverse/talos: not installed. Run npm install.");
    }
    const program = ts.createProgram([file], options);
    this.checker = program.getTypeChecker();
    const root = this.checker.getSymbolAtLocation(program.getSourceFile(file) as ts.Node);
    if (root === undefined) throw new Error(`${file}: exports nothing.`);
    this.root = root;
  }

  /** Names below a path of namespaces, such as `types.input.machine`. */
  names(path: string): string[] {
    return this.checker.getExportsOfModule(this.find(path)).map((symbol) => symbol.name);
  }

  rootNames(): string[] {
    return this.checker.getExportsOfModule(this.root).map((symbol) => symbol.name);
  }

  /** Names of the classes and functions below a namespace. */
  values(path: string): string[] {
    return this.checker
      .getExportsOfModule(this.find(path))
      .map((symbol) => this.aliased(symbol))
      .filter((symbol) => symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Function))
      .map((symbol) => symbol.name);
  }

  resource(path: string): TypedResource {
    const symbol = this.find(path);
    const classType = this.checker.getTypeOfSymbol(symbol);
    const [construct] = classType.getConstructSignatures();
    const get = classType.getProperty("get");
    return {
      inputs: this.properties(this.parameter(construct, 1)),
      outputs: this.outputs(symbol),
      state: get === undefined ? {} : this.properties(this.parameter(this.signature(get), 2)),
    };
  }

  /** A function, or with the suffix Output its other form. */
  func(path: string): TypedFunction {
    const signature = this.signature(this.find(path));
    return {
      inputs: this.properties(this.parameter(signature, 0)),
      outputs: this.properties(this.typeArgument(signature.getReturnType())),
    };
  }

  private find(path: string): ts.Symbol {
    return path.split(".").reduce((parent, name) => {
      const found = this.checker.getExportsOfModule(parent).find((symbol) => symbol.name === name);
      if (found === undefined) throw new Error(`${path}: @pulumiverse/talos does not export it.`);
      return this.aliased(found);
    }, this.root);
  }

  private aliased(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private signature(symbol: ts.Symbol): ts.Signature {
    const [signature] = this.checker.getTypeOfSymbol(symbol).getCallSignatures();
    if (signature === undefined) throw new Error(`${symbol.name}: not a function.`);
    return signature;
  }

  private parameter(signature: ts.Signature | undefined, index: number): ts.Type {
    const parameter = signature?.parameters[index];
    if (parameter === undefined) throw new Error(`Parameter ${index} is missing.`);
    return this.checker.getNonNullableType(this.checker.getTypeOfSymbol(parameter));
  }

  /** Properties a class declares itself, which excludes the `urn` and `id` of every resource. */
  private outputs(symbol: ts.Symbol): Properties {
    const instance = this.checker.getDeclaredTypeOfSymbol(symbol);
    const own = instance
      .getProperties()
      .filter((property) => property.flags & ts.SymbolFlags.Property)
      .filter((property) => this.parentOf(property) === symbol.valueDeclaration);
    return Object.fromEntries(
      own.map((property) => {
        const value = this.typeArgument(this.checker.getTypeOfSymbol(property));
        return [property.name, { required: !this.mayBeUndefined(value), type: this.type(value) }];
      }),
    );
  }

  private parentOf(property: ts.Symbol): ts.Node | undefined {
    return property.valueDeclaration?.parent;
  }

  /** `T` of `Output<T>` or `Promise<T>`. */
  private typeArgument(type: ts.Type): ts.Type {
    const argument =
      type.aliasTypeArguments?.[0] ?? this.checker.getTypeArguments(type as ts.TypeReference)[0];
    if (argument === undefined) throw new Error(`${this.text(type)}: no Output and no Promise.`);
    return argument;
  }

  private properties(type: ts.Type): Properties {
    return Object.fromEntries(
      this.checker.getPropertiesOfType(type).map((property) => {
        const value = this.checker.getTypeOfSymbol(property);
        const optional = property.flags & ts.SymbolFlags.Optional || this.mayBeUndefined(value);
        return [property.name, { required: !optional, type: this.type(value) }];
      }),
    );
  }

  private type(type: ts.Type): ValueType {
    const members = this.members(type);
    const every = (flag: ts.TypeFlags) => members.every((member) => member.flags & flag);
    if (every(ts.TypeFlags.StringLike)) return "string";
    if (every(ts.TypeFlags.BooleanLike)) return "boolean";
    if (every(ts.TypeFlags.NumberLike)) return "number";
    const [only] = members;
    if (members.length !== 1 || only === undefined || !(only.flags & ts.TypeFlags.Object)) {
      throw new Error(`${this.text(type)}: not a type the plugin knows.`);
    }
    if (!this.checker.isArrayType(only)) return { properties: this.properties(only) };
    return {
      list: this.type(this.checker.getTypeArguments(only as ts.TypeReference)[0] as ts.Type),
    };
  }

  /** What is left of `Input<T | undefined>` without the ways to pass it later, and undefined. */
  private members(type: ts.Type): ts.Type[] {
    const all = type.isUnion() ? type.types : [type];
    return all
      .filter((member) => !(member.flags & ts.TypeFlags.Undefined))
      .filter((member) => !["Promise", "OutputInstance"].includes(member.symbol?.name));
  }

  private mayBeUndefined(type: ts.Type): boolean {
    return type.isUnion() && type.types.some((member) => member.flags & ts.TypeFlags.Undefined);
  }

  private text(type: ts.Type): string {
    return this.checker.typeToString(type);
  }
}
