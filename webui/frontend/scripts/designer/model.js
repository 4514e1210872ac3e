// Reading and changing a diagram's elements. Each change is one step of 撤销.
import { getBusinessObject, is, isAny } from 'bpmn-js/lib/util/ModelUtil';

export { getBusinessObject as objectOf, is, isAny };

export class Model {
  static $inject = ['modeling', 'bpmnFactory', 'commandStack', 'canvas', 'elementRegistry', 'bpmnjs'];

  constructor(modeling, factory, commands, canvas, registry, modeler) {
    Object.assign(this, { modeling, factory, commands, canvas, registry, modeler });
  }

  /** Attributes of the element itself; an empty text takes the attribute away. */
  set(element, properties) {
    const given = Object.entries(properties).map(([name, value]) => [name, value === '' ? undefined : value]);
    this.modeling.updateProperties(element, Object.fromEntries(given));
  }

  /** Several things in one step: [[moddle object, properties], …]. */
  change(element, changes) {
    const commands = changes.map(([moddleElement, properties]) => ({
      cmd: 'element.updateModdleProperties',
      context: { element, moddleElement, properties },
    }));
    this.commands.execute('properties-panel.multi-command-executor', commands);
  }

  create(type, properties, parent) {
    const made = this.factory.create(type, properties);
    made.$parent = parent;
    return made;
  }

  /** An expression, or undefined for an empty text. */
  expression(text, parent) {
    return text ? this.create('bpmn:FormalExpression', { body: text }, parent) : undefined;
  }

  // ------------------------------------------------------------ our own elements

  extensions(object, type) {
    return (object.get('extensionElements')?.get('values') ?? []).filter((one) => one.$type === type);
  }

  /** Replaces all extension elements of a type by these: [{properties, children: {name: [type, …]}}]. */
  setExtensions(element, object, type, made) {
    const others = (object.get('extensionElements')?.get('values') ?? []).filter((one) => one.$type !== type);
    const values = [...others, ...made];
    const holder = this.create('bpmn:ExtensionElements', { values }, object);
    values.forEach((value) => { value.$parent = holder; });
    this.change(element, [[object, { extensionElements: values.length ? holder : undefined }]]);
  }

  named(object, type, name) {
    return this.extensions(object, type).find((one) => one.get('name') === name);
  }

  /** One of several named values, e.g. a process property. */
  setNamed(element, object, type, name, value) {
    const kept = this.extensions(object, type).filter((one) => one.get('name') !== name);
    const position = this.extensions(object, type).findIndex((one) => one.get('name') === name);
    if (value) {
      const made = this.create(type, { name, value });
      kept.splice(position < 0 ? kept.length : position, 0, made);
    }
    this.setExtensions(element, object, type, kept);
  }

  // ------------------------------------------------------------ the file as a whole

  get definitions() {
    return this.modeler.getDefinitions();
  }

  roots(type) {
    return this.definitions.get('rootElements').filter((one) => one.$type === type);
  }

  /** The process of this subject, also when the canvas shows a collaboration. */
  process() {
    return this.roots('bpmn:Process')[0];
  }
}
