import pytest

from knowledge.places import Region, is_only_a_place, province_of_address, province_told, provinces, region_of


def test_there_are_thirty_one_provinces() -> None:
    assert len(set(provinces())) == 31


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("我在江西", "江西"),
        ("南昌的厂", "江西"),
        ("我们厂在宁波", "浙江"),
        ("我在青海海南州", "青海"),
        ("我在海南", "海南"),
        ("內蒙古", "内蒙古"),
        ("江西产假多少天", "江西"),
        ("浙江省杭州市", "浙江"),
        ("公司在深圳 我在成都上班 去哪边告", "四川"),
        ("注册在北京，我在四川干活受伤，去哪交", "四川"),
        ("老公在广东我在湖南 育儿假按哪边", "湖南"),
        ("老家江西在浙江打工", "浙江"),
    ],
)
def test_where_somebody_works_is_heard(text: str, province: str) -> None:
    assert province_told(text) == province


@pytest.mark.parametrize(
    "text",
    [
        "我是江西人",
        "江西老家",
        "现在叫我去新疆",
        "公司注册在北京 我在分公司上班 育儿假几天",
        "以前在广东交的社保回老家怎么弄",
        "说不招河南人东北人",
        "我不在江西了",
        "我在南昌上班，也在杭州上班",
    ],
)
def test_home_a_journey_and_two_places_are_not_where_somebody_works(text: str) -> None:
    assert province_told(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "高温天津贴怎么发",
        "每天津贴50",
        "把东西藏起来了",
        "推广东西卖不掉不给底薪",
        "最大连续工作几天",
        "把东西安好",
        "国庆大庆祝",
        "宁德时代的厂",
        "北京时间",
        "我在兰州拉面店上班",
        "包头跑了",
        "快递开封了",
    ],
)
def test_a_place_by_accident_is_none(text: str) -> None:
    assert province_told(text) is None


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("我在江西", True),
        ("江西的", True),
        ("那浙江呢", True),
        ("在南昌市青山湖区", True),
        ("南昌的厂", True),
        ("江西产假多少天", False),
        ("我在江西被辞退了", False),
        ("工资不发", False),
        ("在区" * 200 + "江西", False),
    ],
)
def test_a_message_that_only_says_where_somebody_is(text: str, only: bool) -> None:
    assert is_only_a_place(text) is only


@pytest.mark.parametrize(
    ("law", "region"),
    [
        ("浙江省工伤保险条例", Region("浙江", "浙江省")),
        ("杭州市企业工资集体协商条例", Region("浙江", "杭州市")),
        ("青海省实施《中华人民共和国工会法》办法", Region("青海", "青海省")),
        ("内蒙古自治区就业促进条例", Region("内蒙古", "内蒙古自治区")),
        ("重庆市职工权益保障条例", Region("重庆", "重庆市")),
        ("延边朝鲜族自治州劳动保障监察条例", Region("吉林", "延边朝鲜族自治州")),
        ("海南藏族自治州工会条例", Region("青海", "海南藏族自治州")),
        ("深圳经济特区和谐劳动关系促进条例", Region("广东", "深圳经济特区")),
        ("吉林市工会条例", Region("吉林", "吉林市")),
    ],
)
def test_a_local_law_is_known_by_its_name(law: str, region: Region) -> None:
    assert region_of(law) == region


@pytest.mark.parametrize(
    "law",
    [
        "城市居民最低生活保障条例",
        "上市公司信息披露办法",
        "上海合作组织成员国协定",
        "北京冬奥会工作人员规定",
        "国务院关于浙江省最低工资的批复",
        "最高人民法院关于北京市高级人民法院请示的批复",
        "中华人民共和国海南自由贸易港法",
        "省、自治区、直辖市劳动争议处理规定",
    ],
)
def test_a_law_of_the_whole_country_is_no_places(law: str) -> None:
    assert region_of(law) is None


def test_a_city_that_bears_its_provinces_name_is_not_the_whole_of_it() -> None:
    names = ("吉林省工会条例", "吉林市工会条例", "重庆市工会条例", "杭州市工会条例", "宁夏回族自治区工会条例")
    whole = [region.is_whole_province for name in names if (region := region_of(name))]
    assert whole == [True, False, True, False, True]


@pytest.mark.parametrize(
    ("address", "province"),
    [
        ("浙江省杭州市西湖区", "浙江"),
        ("南昌市总工会", "江西"),
        ("青海省总工会", "青海"),
        ("西湖区总工会", None),
        ("", None),
        ("本地总工会", None),
    ],
)
def test_an_address_and_a_unions_name_begin_with_the_place(address: str, province: str | None) -> None:
    assert province_of_address(address) == province
