// Groups of the panel for what decides and what waits: conditions, timers, messages, errors.
import { check, feel, select, text } from './entries.jsx';
import { is, objectOf } from './model.js';

const DECIDING = ['bpmn:ExclusiveGateway', 'bpmn:InclusiveGateway'];

export function condition(element, model) {
  const object = objectOf(element);
  const source = object.get('sourceRef');
  if (!DECIDING.some((type) => is(source, type))) return null;
  const isDefault = () => source.get('default') === object;
  const setDefault = (value) => {
    const gateway = model.registry.get(source.get('id'));
    const changes = [[source, { default: value ? object : undefined }]];
    if (value) changes.push([object, { conditionExpression: undefined }]);
    model.change(gateway, changes);
  };
  const entries = [check('fd-default', '默认出口（其他条件都不成立时走）', isDefault, setDefault)];
  if (!isDefault()) {
    entries.unshift(feel('fd-condition', '条件', () => object.get('conditionExpression')?.get('body'), (value) =>
      model.set(element, { conditionExpression: model.expression(value, object) || '' }), {
      description: 'FEEL 表达式，例如 案件.执行标的 > 5000000 或 结论 = "同意"',
      rows: 2,
    }));
  }
  return { id: 'fd-condition', label: '条件', shouldOpen: true, entries };
}

// ---------------------------------------------------------------- events

const FORMS = [
  ['timeDuration', '等待时长'],
  ['timeDate', '到某一时刻'],
  ['timeCycle', '周期'],
];
const EXAMPLES = {
  timeDuration: '例如 P3D（三天）、PT4H（四小时）；表达式以 = 开头',
  timeDate: '例如 2026-12-01T09:00:00+08:00；表达式以 = 开头',
  timeCycle: '例如 R3/P1D（每天一次，共三次）',
};
/** Of an event definition: its reference, the root element, which of its properties names it. */
const NAMED = {
  'bpmn:MessageEventDefinition': ['messageRef', 'bpmn:Message', 'name', '消息'],
  'bpmn:SignalEventDefinition': ['signalRef', 'bpmn:Signal', 'name', '信号'],
  'bpmn:ErrorEventDefinition': ['errorRef', 'bpmn:Error', 'errorCode', '错误代码'],
  'bpmn:EscalationEventDefinition': ['escalationRef', 'bpmn:Escalation', 'escalationCode', '升级代码'],
};

export function trigger(element, model) {
  const object = objectOf(element);
  if (is(object, 'bpmn:ReceiveTask') || is(object, 'bpmn:SendTask')) {
    return named(element, model, object, ['messageRef', 'bpmn:Message', 'name', '消息']);
  }
  const [definition] = object.get('eventDefinitions') ?? [];
  if (!definition) return null;
  if (is(definition, 'bpmn:TimerEventDefinition')) return timer(element, model, definition);
  if (is(definition, 'bpmn:ConditionalEventDefinition')) {
    return {
      id: 'fd-event',
      label: '条件',
      shouldOpen: true,
      entries: [feel('fd-event-condition', '条件', () => definition.get('condition')?.get('body'), (value) =>
        model.change(element, [[definition, { condition: model.expression(value, definition) }]]))],
    };
  }
  if (is(definition, 'bpmn:LinkEventDefinition')) {
    return {
      id: 'fd-event',
      label: '链接',
      shouldOpen: true,
      entries: [text('fd-event-link', '名称', () => definition.get('name'), (value) =>
        model.change(element, [[definition, { name: value || undefined }]]))],
    };
  }
  const known = NAMED[definition.$type];
  return known ? named(element, model, definition, known) : null;
}

function timer(element, model, definition) {
  const form = () => FORMS.map(([name]) => name).find((name) => definition.get(name)) ?? 'timeDuration';
  const body = () => definition.get(form())?.get('body');
  const write = (name, value) => {
    const cleared = Object.fromEntries(FORMS.map(([one]) => [one, undefined]));
    model.change(element, [[definition, { ...cleared, [name]: model.expression(value, definition) }]]);
  };
  return {
    id: 'fd-event',
    label: '定时',
    shouldOpen: true,
    entries: [
      select('fd-timer-form', '方式', form, (value) => write(value, body() || 'P1D'), FORMS),
      text('fd-timer-text', '时间', body, (value) => write(form(), value), { description: EXAMPLES[form()] }),
    ],
  };
}

/** By its name: one that the file has already is used again, a new one is made. */
function named(element, model, holder, [reference, type, property, label]) {
  const held = () => holder.get(reference);
  const write = (value) => {
    if (!value) return model.change(element, [[holder, { [reference]: undefined }]]);
    const known = model.roots(type).find((one) => one.get(property) === value);
    if (known) return model.change(element, [[holder, { [reference]: known }]]);
    const made = model.create(type, { name: value, ...(property === 'name' ? {} : { [property]: value }) }, model.definitions);
    const rootElements = [...model.definitions.get('rootElements'), made];
    return model.change(element, [[model.definitions, { rootElements }], [holder, { [reference]: made }]]);
  };
  const entries = [text('fd-event-name', label, () => held()?.get(property), write, {
    description: model.roots(type).length ? `已有：${model.roots(type).map((one) => one.get(property)).join('、')}` : '',
  })];
  if (type === 'bpmn:Message' && held()) entries.push(carried(element, model, held()));
  return { id: 'fd-event', label, shouldOpen: true, entries };
}

/** Names of the data that come with a message. */
function carried(element, model, message) {
  const held = () => model.extensions(message, 'fd:Variable');
  const write = (value) => {
    const names = [...new Set(value.split(/[\s、，,；;]+/).filter(Boolean))];
    const made = names.map((name) => held().find((one) => one.get('name') === name) ?? model.create('fd:Variable', { name }));
    model.setExtensions(element, message, 'fd:Variable', made);
  };
  return text('fd-event-carried', '随消息到达的数据', () => held().map((one) => one.get('name')).join('、'), write, {
    description: '变量名，用顿号分开',
  });
}
