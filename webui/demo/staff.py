"""Who works at the demo court: invented people over all roles, enough judges that nobody's list is endless."""

#: login, name, title, team, roles
STAFF = (
    ("shen", "沈若川", "法官", "asset_control", "handling_judge panel_member"),
    ("lu", "陆怀瑾", "法官", "asset_control", "handling_judge panel_member"),
    ("fang", "方知行", "法官", "asset_control", "handling_judge panel_member team_leader"),
    ("jin", "金予舟", "法官", "asset_control", "handling_judge"),
    ("wen", "温时雨", "法官", "asset_control", "handling_judge"),
    ("xu", "许佳宁", "书记员", "asset_control", "clerk"),
    ("tan", "谭清越", "法官助理", "asset_control", "assistant"),
    ("gu", "顾明远", "法官", "asset_disposal", "handling_judge team_leader"),
    ("han", "韩采薇", "法官", "asset_disposal", "handling_judge"),
    ("yan", "严知微", "法官", "asset_disposal", "handling_judge"),
    ("song", "宋时安", "书记员", "asset_disposal", "clerk"),
    ("liang", "梁书言", "法官", "fund_distribution", "handling_judge team_leader"),
    ("pei", "裴思源", "法官", "fund_distribution", "handling_judge"),
    ("bai", "白景和", "书记员", "fund_distribution", "clerk"),
    ("cheng", "程以宁", "法官", "closing_archiving", "handling_judge team_leader"),
    ("si", "林思齐", "法官", "closing_archiving", "handling_judge"),
    ("yue", "岳清嘉", "书记员", "closing_archiving", "clerk"),
    ("ma", "马骁", "外勤组", None, "field_officer"),
    ("yin", "殷知远", "案款管理员", None, "fund_controller"),
    ("luo", "罗正平", "执行局局长", None, "bureau_director"),
    ("qin", "秦书仪", "分管副院长", None, "vice_president"),
    ("shao", "邵启明", "院长", None, "president"),
    ("he", "何予安", "执行指挥中心 运维", None, "command_centre operator deployer"),
    ("lin", "林知夏", "流程设计", None, "designer"),
    ("ding", "丁一鸣", "立案庭", None, "filing_clerk"),
    ("admin", "安管宁", "系统管理员", None, "sysadmin"),
)
#: Who takes the new cases over, in turn.
RECEIVING = ("shen", "lu", "fang", "jin", "wen")
#: Stage -> the clerk of its team, who posts letters and enters what came of them.
CLERKS = {
    "asset_control": "xu",
    "asset_disposal": "song",
    "fund_distribution": "bai",
    "closing_archiving": "yue",
}
