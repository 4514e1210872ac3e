"""Words for the codes of the case file, as people read them."""

from collections.abc import Mapping

STAGES: Mapping[str, str] = {
    "asset_control": "财产查控",
    "asset_disposal": "财产处置",
    "fund_distribution": "案款分配",
    "closing_archiving": "结案归档",
}
#: The button of each stage's row (manual §二).
STAGE_BUTTONS: Mapping[str, str] = {
    "asset_control": "查控文书",
    "asset_disposal": "处置文书",
    "fund_distribution": "案款文书",
    "closing_archiving": "结案文书",
}
CASE_STATUS: Mapping[str, str] = {
    "pending_acceptance": "待接收",
    "unsegmented": "未分段",
    "in_stage": "办理中",
    "suspended": "中止",
    "stayed": "暂缓",
    "closed": "已结案",
    "archived": "已归档",
}
PARTY_ROLES: Mapping[str, str] = {
    "applicant": "申请执行人",
    "debtor": "被执行人",
    "outsider": "案外人",
    "interested_person": "利害关系人",
    "garnishee": "第三人",
    "assisting_unit": "协助执行人",
    "buyer": "买受人",
    "guarantor": "担保人",
}
PARTY_KINDS: Mapping[str, str] = {
    "natural": "自然人",
    "legal": "法人",
    "organisation": "非法人组织",
    "foreign": "境外人员",
}
#: Columns of a party, as its changes name them.
PARTY_COLUMNS: Mapping[str, str] = {
    "role": "诉讼地位",
    "name": "姓名或名称",
    "kind": "类型",
    "id_number": "证件号码",
    "legal_representative": "法定代表人",
    "phone": "电话",
    "address": "地址",
    "is_abroad": "无国内住所",
    "e_address": "电子送达地址",
    "e_consent": "同意电子送达",
    "confirmed_on": "送达地址确认日期",
}
MATTER_GROUPS: Mapping[str, str] = {
    "online": "线上",
    "offline": "线下",
    "coercive": "强制措施",
    "other": "其他事项",
}
ASSET_KINDS: Mapping[str, str] = {
    "deposit": "银行存款",
    "immovable": "不动产",
    "vehicle": "机动车",
    "movable": "动产",
    "equity": "股权",
    "securities": "证券",
    "fund": "理财、基金",
    "claim": "到期债权",
    "income": "收入",
    "other": "其他财产",
}
#: One character for narrow columns.
ASSET_MARKS: Mapping[str, str] = {
    "deposit": "款",
    "immovable": "房",
    "vehicle": "车",
    "movable": "物",
    "equity": "股",
    "securities": "证",
    "fund": "金",
    "claim": "债",
    "income": "薪",
    "other": "他",
}
DISPOSITIONS: Mapping[str, str] = {
    "none": "不处置",
    "auction": "拍卖、变卖",
    "handover": "交付",
    "deduct": "划拨",
    "withhold": "扣留提取",
}
MEASURES: Mapping[str, str] = {"seize": "查封", "impound": "扣押", "freeze": "冻结"}
CHANNELS: Mapping[str, str] = {
    "electronic": "电子送达",
    "post": "邮寄送达",
    "direct": "直接送达",
    "leave": "留置送达",
    "at_court": "到院领取",
    "public": "公告送达",
    "network": "网络送达",
}
DELIVERY_STATES: Mapping[str, str] = {
    "requested": "待发送",
    "sent": "已发",
    "arrived": "已达",
    "delivered": "已送达",
    "failed": "送达失败",
    "withdrawn": "已撤回",
}
DOCUMENT_STATES: Mapping[str, str] = {
    "draft": "待签章",
    "in_approval": "审批中",
    "returned": "退回修改",
    "approved": "待签章",
    "rejected": "不予批准",
    "signed": "已签章",
    "void": "已作废",
}
HANDLER_REASONS: Mapping[str, str] = {
    "accepted": "接收人",
    "same_debtor": "同一被执行人案件",
    "lightest_load": "在办案件最少",
    "returned": "原承办人",
    "reassigned": "改派",
}
CLOSING_METHODS: Mapping[str, str] = {
    "full_performance": "执行完毕",
    "end_this_enforcement": "终结本次执行程序",
    "terminated": "终结执行",
    "cancelled": "销案",
    "refused": "不予执行",
    "dismissed": "驳回申请",
}
BATCH_KINDS: Mapping[str, str] = {
    "sign_and_deliver": "一键签章并送达",
    "sign": "一键签章",
    "deliver": "一键送达",
}
#: Lane of a diagram -> role.
LANES: Mapping[str, str] = {
    "承办法官": "handling_judge",
    "法官助理": "assistant",
    "书记员": "clerk",
    "合议庭成员": "panel_member",
    "团队负责人": "team_leader",
    "外勤": "field_officer",
    "执行局局长": "bureau_director",
    "分管副院长": "vice_president",
    "院长": "president",
    "指挥中心": "command_centre",
    "案款管理员": "fund_controller",
    "财务": "finance",
    "立案庭": "filing_clerk",
    "档案": "archivist",
}
ROLES: Mapping[str, str] = {role: lane for lane, role in LANES.items()} | {
    "operator": "运维",
    "designer": "流程设计",
    "deployer": "流程部署",
    "sysadmin": "系统管理",
}
