// Groups of the panel for what people and the platform do: user, service and business rule tasks.
import { toFile, toPeople } from './durations.js';
import { area, feel, select, text } from './entries.jsx';
import { is, objectOf } from './model.js';

const SCREENS = [
  ['', '（无，使用表单）'],
  ['transfer', '事项信息（流转）'],
  ['document', '文书制作与签章'],
  ['approval', '文书审批'],
  ['field_task', '外勤事项'],
];
const SCOPES = [
  ['', '本阶段团队中该岗位的人'],
  ['handler', '本案承办人'],
  ['court', '全院该岗位的人'],
];
const TYPES = {
  text: '文字', number: '数字', boolean: '是或否', date: '日期', moment: '日期时间', list: '列表', context: '一组值', any: '任意',
};

export function userTask(element, model, choices) {
  const object = objectOf(element);
  const own = (name) => () => object.get(`fd:${name}`);
  const write = (name) => (value) => model.set(element, { [`fd:${name}`]: value });
  const ownForm = `${object.id}.form`;
  const forms = () => [
    ['', choices.forms.includes(ownForm) ? `${ownForm}（按任务标识）` : '（无）'],
    ...choices.forms.map((name) => [name, name]),
  ];
  const screen = own('screen')();
  const entries = [
    select('fd-screen', '打开页面', own('screen'), write('screen'), SCREENS),
    ...(screen ? [] : [select('fd-form', '表单', own('form'), write('form'), forms, {
      description: '在上方“文件”菜单中新建和编辑表单',
    })]),
    select('fd-scope', '谁能办理', () => (own('scope')() === 'team' ? '' : own('scope')()), write('scope'), SCOPES),
    text('fd-due', '办理期限', () => toPeople(own('due')()), (value) => write('due')(toFile(value)), {
      description: '例如 3天、4小时；不填为无期限',
    }),
    text('fd-priority', '优先级', own('priority'), write('priority'), { description: '整数，越大越靠前，不填为 0' }),
    feel('fd-assignee', '指定办理人', own('assignee'), write('assignee'), {
      description: '表达式，得到人员的账号编号；不填按岗位分配',
    }),
  ];
  return { id: 'fd-task', label: '办理', shouldOpen: true, entries };
}

// ---------------------------------------------------------------- service tasks

export function serviceTask(element, model, choices) {
  const object = objectOf(element);
  const call = () => model.extensions(object, 'fd:Operation')[0];
  const name = () => call()?.get('name') ?? '';
  const rename = (value) => {
    const known = choices.operations.find((one) => one.name === value);
    const kept = call()?.get('parameters') ?? [];
    const wanted = known?.params?.map((one) => one.name);
    const parameters = wanted
      ? wanted.map((one) => kept.find((held) => held.get('name') === one) ?? model.create('fd:Parameter', { name: one }))
      : kept;
    setCall(element, model, value, parameters);
  };
  const options = () => [['', '（未选择）'], ...choices.operations.map((one) => [one.name, `${one.title}（${one.name}）`])];
  const chosen = choices.operations.find((one) => one.name === name());
  const declared = chosen?.params ?? (call()?.get('parameters') ?? []).map((one) => ({ name: one.get('name') }));
  const entries = [
    select('fd-operation', '操作', name, rename, options, { description: chosen ? described(chosen) : '' }),
    ...declared.map((one) => parameter(element, model, call, one)),
  ];
  if (chosen && !chosen.params) entries.push(newParameter(element, model, call));
  return [
    { id: 'fd-operation', label: '操作', shouldOpen: true, entries },
    simulation(element, model),
  ];
}

function described({ inside, results }) {
  const where = inside ? '立即完成，只改动案件数据' : '由后台办理，失败会自动重试';
  return results?.length ? `${where}。结果写入：${results.join('、')}` : where;
}

function setCall(element, model, name, parameters) {
  const object = objectOf(element);
  const made = name ? [model.create('fd:Operation', { name, parameters: [] })] : [];
  made.forEach((operation) => {
    operation.set('parameters', parameters.map((one) =>
      model.create('fd:Parameter', { name: one.get('name'), value: one.get('value') }, operation)));
  });
  model.setExtensions(element, object, 'fd:Operation', made);
}

function parameter(element, model, call, { name, title, type, required }) {
  const held = () => (call()?.get('parameters') ?? []).find((one) => one.get('name') === name);
  const write = (value) => {
    const others = call()?.get('parameters') ?? [];
    const made = model.create('fd:Parameter', { name, value: value || undefined });
    const next = held() ? others.map((one) => (one === held() ? made : one)) : [...others, made];
    setCall(element, model, call()?.get('name') ?? '', next.filter((one) => one !== made || value || required));
  };
  const label = title && title !== name ? `${title}（${name}）` : name;
  const told = [type && TYPES[type], required === false ? '可不填' : ''].filter(Boolean).join('，');
  return feel(`fd-parameter-${name}`, label, () => held()?.get('value'), write, { description: told });
}

/** For an operation that does not say which parameters it has. */
function newParameter(element, model, call) {
  const write = (name) => {
    const held = call()?.get('parameters') ?? [];
    if (!name || held.some((one) => one.get('name') === name)) return;
    setCall(element, model, call().get('name'), [...held, model.create('fd:Parameter', { name })]);
  };
  return text('fd-parameter-new', '添加参数', () => '', write, { description: '填写参数名称后离开，再填写它的值' });
}

function simulation(element, model) {
  const object = objectOf(element);
  const held = () => model.extensions(object, 'fd:Simulation')[0];
  const write = (value) =>
    model.setExtensions(element, object, 'fd:Simulation', value ? [model.create('fd:Simulation', { value })] : []);
  return {
    id: 'fd-simulation',
    label: '试运行',
    entries: [feel('fd-simulation-value', '模拟结果', () => held()?.get('value'), write, {
      description: '试运行和场景用它代替真实结果，例如 { 已签: true }；不填为空结果',
    })],
  };
}

// ---------------------------------------------------------------- business rule tasks

export function businessRuleTask(element, model, choices) {
  const object = objectOf(element);
  const decisions = () => [
    ['', '（未选择）'],
    ...choices.decisions.map(({ id, name, file }) => [id, `${name || id}（${file}）`]),
  ];
  const write = (name) => (value) => model.set(element, { [`fd:${name}`]: value });
  const entries = [
    select('fd-decision', '决策表', () => object.get('fd:decision'), write('decision'), decisions, {
      description: '在上方“文件”菜单中新建和编辑决策表',
    }),
    text('fd-result', '结果写入', () => object.get('fd:result'), write('result'), {
      description: '变量名；不填时结果的各项分别写入',
    }),
  ];
  return [{ id: 'fd-decision', label: '决策', shouldOpen: true, entries }, simulation(element, model)];
}

// ---------------------------------------------------------------- repeated, called

export function repeated(element, model) {
  const object = objectOf(element);
  const loop = object.get('loopCharacteristics');
  if (!loop) return null;
  const body = (name) => () => loop.get(name)?.get('body');
  const write = (name) => (value) => model.change(element, [[loop, { [name]: model.expression(value, loop) }]]);
  if (is(loop, 'bpmn:StandardLoopCharacteristics')) {
    return {
      id: 'fd-loop',
      label: '循环',
      entries: [
        feel('fd-loop-condition', '继续的条件', body('loopCondition'), write('loopCondition')),
        text('fd-loop-maximum', '最多次数', () => loop.get('loopMaximum'), (value) =>
          model.change(element, [[loop, { loopMaximum: value ? Number(value) || undefined : undefined }]])),
      ],
    };
  }
  const item = (name) => () => loop.get(name)?.get('name') ?? loop.get(name)?.get('id');
  const nameItem = (name, type) => (value) => {
    const made = value ? model.create(type, { name: value }, loop) : undefined;
    model.change(element, [[loop, { [name]: made }]]);
  };
  const list = (name) => [() => loop.get(name), (value) => model.change(element, [[loop, { [name]: value || undefined }]])];
  return {
    id: 'fd-each',
    label: loop.get('isSequential') ? '逐项办理' : '同时办理多项',
    shouldOpen: true,
    entries: [
      text('fd-each-list', '按列表：变量', ...list('loopDataInputRef'), { description: '列表中的每一项办理一次' }),
      text('fd-each-item', '每一项的名称', item('inputDataItem'), nameItem('inputDataItem', 'bpmn:DataInput')),
      feel('fd-each-number', '按次数', body('loopCardinality'), write('loopCardinality'), { description: '与列表只填一种' }),
      text('fd-each-results', '结果列表：变量', ...list('loopDataOutputRef')),
      text('fd-each-result', '每项结果的名称', item('outputDataItem'), nameItem('outputDataItem', 'bpmn:DataOutput')),
      feel('fd-each-done', '提前结束的条件', body('completionCondition'), write('completionCondition')),
    ],
  };
}

export function calledProcess(element, model) {
  const object = objectOf(element);
  return {
    id: 'fd-call',
    label: '调用',
    shouldOpen: true,
    entries: [text('fd-called', '被调用流程的标识', () => object.get('calledElement'), (value) =>
      model.set(element, { calledElement: value }))],
  };
}

export function documentation(element, model) {
  const object = objectOf(element);
  const held = () => object.get('documentation')?.[0]?.get('text');
  const write = (value) =>
    model.change(element, [[object, { documentation: value ? [model.create('bpmn:Documentation', { text: value }, object)] : [] }]]);
  return { id: 'fd-documentation', label: '说明', entries: [area('fd-documentation-text', '说明', held, write, { rows: 3 })] };
}
