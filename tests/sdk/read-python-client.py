"""Prints what the official Python client (a wheel) declares, as JSON in the names of the plugin.

Reads the generated sources as syntax trees: nothing of the wheel is imported or run.
"""

import ast
import json
import sys
import zipfile

PACKAGE = "pulumiverse_talos/"
SCALARS = {"_builtins.str": "string", "_builtins.bool": "boolean", "_builtins.int": "number"}
MODULES = ("client", "cluster", "imagefactory", "machine")


class Client:
    def __init__(self, wheel):
        with zipfile.ZipFile(wheel) as archive:
            self.text = {
                name[len(PACKAGE) :]: archive.read(name).decode()
                for name in archive.namelist()
                if name.startswith(PACKAGE)
            }
        self.trees = {n: ast.parse(t) for n, t in self.text.items() if n.endswith(".py")}

    def classes(self, file):
        return {n.name: n for n in self.trees.get(file, ast.Module([], [])).body if isinstance(n, ast.ClassDef)}

    def functions(self, file):
        return {n.name: n for n in self.trees[file].body if isinstance(n, ast.FunctionDef)}

    def type_of(self, module, annotation):
        """(required, type) of an annotation; Input, Output and Optional are taken off."""
        required = True
        while True:
            if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
                annotation = ast.parse(annotation.value, mode="eval").body
                continue
            name, arguments = split(annotation)
            if name in ("pulumi.Input", "pulumi.Output"):
                annotation = arguments[0]
            elif name == "Optional":
                required, annotation = False, arguments[0]
            elif name == "Union":  # 'XArgs' or 'XArgsDict': the same properties twice
                annotation = arguments[0]
            else:
                return required, self.plain_type(module, name, arguments)

    def plain_type(self, module, name, arguments):
        if name in SCALARS:
            return SCALARS[name]
        if name == "Sequence":
            return {"list": self.type_of(module, arguments[0])[1]}
        file, class_name = "_inputs", name
        if name.startswith("outputs."):
            file, class_name = "outputs", name[len("outputs.") :]
        found = self.classes(f"{module}/{file}.py").get(class_name)
        if found is None:
            raise SystemExit(f"{module}: type {name} is not understood")
        return {"properties": self.properties(module, found)}

    def properties(self, module, definition):
        """The @pulumi.getter properties of a class by their plugin names."""
        found = {}
        for node in definition.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                text = ast.unparse(decorator)
                if text.startswith("pulumi.getter"):
                    name = keyword(decorator, "name") or node.name
                    required, kind = self.type_of(module, node.returns)
                    found[name] = {"required": required, "type": kind}
        return found

    def resources(self):
        found = {}
        for module in ("",) + MODULES:
            for file in sorted(self.trees):
                folder, _, leaf = file.rpartition("/")
                if folder != module or leaf.startswith("_") or leaf == "outputs.py":
                    continue
                for definition in self.classes(file).values():
                    token = type_token(definition)
                    if token:
                        found[token] = self.resource(module, file, definition)
        return found

    def resource(self, module, file, definition):
        classes, name = self.classes(file), definition.name
        state = classes.get(f"_{name}State")
        init = next(n for n in definition.body if getattr(n, "name", "") == "_internal_init")
        inputs = self.properties(module, classes[f"{name}Args"])
        names = {self.python_name(classes[f"{name}Args"], key): key for key in inputs}
        return {
            "module": module,
            "name": name,
            "inputs": inputs,
            "outputs": self.properties(module, definition),
            "state": self.properties(module, state) if state else {},
            "secretInputs": sorted(names[n] for n in secret_assignments(init)),
            "secretOutputs": sorted(call_list(init, "additional_secret_outputs")),
            "aliases": sorted(call_list(init, "aliases")),
        }

    @staticmethod
    def python_name(definition, key):
        for node in definition.body:
            if isinstance(node, ast.FunctionDef):
                for decorator in node.decorator_list:
                    if ast.unparse(decorator).startswith("pulumi.getter"):
                        if (keyword(decorator, "name") or node.name) == key:
                            return node.name
        raise KeyError(key)

    def invokes(self):
        found = {}
        for module in MODULES:
            for file in sorted(self.trees):
                if not file.startswith(f"{module}/get_"):
                    continue
                name = file[len(module) + 1 : -len(".py")]
                token, function = self.invoke(module, file, name)
                found[token] = function
        return found

    def invoke(self, module, file, name):
        function = self.functions(file)[f"{name}_output"]
        names, token = {}, None
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                names[node.value.id] = node.targets[0].slice.value
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "pulumi.runtime.invoke_output":
                token = node.args[0].value
        arguments = {a.arg: a.annotation for a in function.args.args}
        inputs = {}
        for python, key in names.items():
            # Every argument is Optional in Python; only those the plugin takes as optional twice.
            inner = split(split(arguments[python])[1][0])[1][0]
            required, kind = self.type_of(module, inner)
            inputs[key] = {"required": required, "type": kind}
        result = next(c for n, c in self.classes(file).items() if n.startswith("Get") and n.endswith("Result"))
        leaf = token.rsplit(":", 1)[1]
        return token, {"module": module, "name": leaf, "inputs": inputs, "outputs": self.properties(module, result)}

    def type_names(self):
        return {
            module: {
                "input": sorted(n for n in self.classes(f"{module}/_inputs.py") if n.endswith("Args")),
                "output": sorted(self.classes(f"{module}/outputs.py")),
            }
            for module in MODULES
        }

    def download_url(self):
        function = self.functions("_utilities.py")["get_plugin_download_url"]
        return next(n.value.value for n in ast.walk(function) if isinstance(n, ast.Return))


def split(annotation):
    if not isinstance(annotation, ast.Subscript):
        return ast.unparse(annotation), []
    inner = annotation.slice
    return ast.unparse(annotation.value), inner.elts if isinstance(inner, ast.Tuple) else [inner]


def keyword(call, name):
    for item in getattr(call, "keywords", []):
        if item.arg == name:
            return item.value.value
    return None


def type_token(definition):
    for decorator in definition.decorator_list:
        if ast.unparse(decorator).startswith("pulumi.type_token("):
            return decorator.args[0].value
    return None


def secret_assignments(init):
    """The Python names whose values are wrapped with pulumi.Output.secret."""
    for node in ast.walk(init):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pulumi.Output.secret":
            yield ast.unparse(node.args[0])


def call_list(init, name):
    """The strings of every list passed as keyword `name`; a non-string item as its source."""
    for node in ast.walk(init):
        if isinstance(node, ast.keyword) and node.arg == name:
            for item in node.value.elts:
                yield item.value if isinstance(item, ast.Constant) else ast.unparse(item)


client = Client(sys.argv[1])
json.dump(
    {
        "plugin": json.loads(client.text["pulumi-plugin.json"]),
        "downloadUrl": client.download_url(),
        "resources": client.resources(),
        "functions": client.invokes(),
        "typeNames": client.type_names(),
    },
    sys.stdout,
)
