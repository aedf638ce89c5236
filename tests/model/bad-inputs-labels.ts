import { ofMachine, ofMachineForm, type BadInput } from "./bad-input";

/** Labels, annotations and taints. */
export const labels: readonly BadInput[] = [
  ofMachineForm(
    "a label that is a number",
    "labels: {rack: 1}",
    '.labels["rack"]: 1 is not a text. Put it in quotes: "1".',
  ),
  ofMachine(
    "a label value with a blank",
    "labels: {rack: a 1}",
    '.labels["rack"]: "a 1" cannot be a value. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, or nothing.',
  ),
  ofMachine(
    "a label value that is too long",
    "labels: {rack: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}",
    '.labels["rack"]: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" cannot be a value. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, or nothing.',
  ),
  ofMachine(
    "a label key with two slashes",
    "labels: {a/b/c: x}",
    '.labels["a/b/c"]: has more than one slash. A key is a name, or a domain, a slash and a name.',
  ),
  ofMachine(
    "a label key without a name",
    "labels: {example.org/: x}",
    '.labels["example.org/"]: "" cannot name a key. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
  ),
  ofMachine(
    "a label key with capitals in its domain",
    "labels: {Example.org/rack: x}",
    '.labels["Example.org/rack"]: "Example.org" is not a domain. Before the slash stands a domain in lower case, for example example.org.',
  ),
  ofMachine(
    "a label key that begins with a hyphen",
    "labels: {-rack: x}",
    '.labels["-rack"]: "-rack" cannot name a key. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
  ),
  ofMachineForm(
    "labels as a list",
    "labels: [rack=a]",
    '.labels: holds a list, not keys with values below them. Give keys with values below them, for example {"rack":"a1"}.',
  ),
  ofMachineForm(
    "labels without a value",
    "labels: ",
    '.labels: has no value. Give keys with values below them, for example {"rack":"a1"}, or take the key out.',
  ),
  ofMachine(
    "an annotation key with a blank",
    "annotations: {my note: x}",
    '.annotations["my note"]: "my note" cannot name a key. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
  ),
  ofMachine(
    "an annotation of Talos",
    "annotations: {talos.dev/owned-labels: x}",
    `.annotations["talos.dev/owned-labels"]: is Talos's own: it keeps book in it. Take it out.`,
  ),
  ofMachineForm(
    "an annotation that is a switch",
    "annotations: {done: true}",
    '.annotations["done"]: true is not a text. Put it in quotes: "true".',
  ),
  ofMachine(
    "an annotation with a line break that is none for YAML's newer readers",
    'annotations: {note: "a\\u2028b"}',
    '.annotations["note"]: holds U+2028, which ends a line for some readers of YAML and not for others. Write a plain line break.',
  ),
  ofMachine(
    "an annotation of several lines of which the first starts with a tab",
    'annotations: {note: "\\n\\tb"}',
    '.annotations["note"]: has several lines, of which the first with text starts with a space or a tab: Talos would not read again what it wrote. Start it with another character.',
  ),
  ofMachine(
    "a taint without an effect",
    "taints: {dedicated: storage}",
    '.taints["dedicated"]: "storage" has no effect that Kubernetes knows. Write value:effect; effects are NoSchedule, PreferNoSchedule and NoExecute.',
  ),
  ofMachine(
    "a taint with an effect that is none",
    "taints: {dedicated: 'storage:NoScheduling'}",
    '.taints["dedicated"]: "storage:NoScheduling" has no effect that Kubernetes knows. Write value:effect; effects are NoSchedule, PreferNoSchedule and NoExecute.',
  ),
  ofMachine(
    "a taint with a value that is none",
    "taints: {dedicated: '-a:NoSchedule'}",
    '.taints["dedicated"]: "-a" cannot be a value. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends, or nothing.',
  ),
  ofMachine(
    "a taint with a key that is none",
    "taints: {'a b': ':NoSchedule'}",
    '.taints["a b"]: "a b" cannot name a key. Use up to 63 letters, digits, "-", "_" and ".", with a letter or digit at both ends.',
  ),
];
