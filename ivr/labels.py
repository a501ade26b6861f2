"""What drawings call things, in the language of whoever looks at them."""

from collections.abc import Mapping

from ivr.nodes import Lead, Node
from ivr.nodes.lookup import Lookup

LANGUAGES = ("zh", "en", "ja", "ko", "ru")
WORDS: Mapping[str, tuple[str, ...]] = {
    "say": ("播报", "say", "案内", "안내", "сообщение"),
    "choice": ("按键", "choice", "選択", "선택", "выбор"),
    "collect": ("输入号码", "collect", "番号入力", "번호 입력", "ввод цифр"),
    "hours": ("时段", "hours", "受付時間", "상담 시간", "часы работы"),
    "queue": ("排队", "queue", "待ち列", "대기열", "очередь"),
    "record": ("留言", "record", "伝言", "메시지", "запись"),
    "transfer": ("转接", "transfer", "転送", "연결", "перевод"),
    "lookup": ("查询工单", "lookup", "受付照会", "접수 조회", "поиск обращения"),
    "hang_up": ("挂机", "hang up", "終了", "종료", "конец"),
    "silence": ("不按键", "no key", "無入力", "입력 없음", "без нажатия"),
    "give_up": ("多次未选", "no tries left", "再試行終了", "시도 초과", "попытки исчерпаны"),
    "then": ("", "", "", "", ""),
    "found": ("查到", "found", "該当あり", "있음", "найдено"),
    "missing": ("未查到", "missing", "該当なし", "없음", "не найдено"),
    "open": ("营业", "open", "受付中", "운영 중", "открыто"),
    "closed": ("休息", "closed", "時間外", "운영 종료", "закрыто"),
    "full": ("已满", "full", "満員", "대기 인원 초과", "переполнена"),
    "leave": ("离开", "leaves", "退出", "나감", "выход"),
    "if_fails": ("未接通", "fails", "不通", "연결 실패", "нет ответа"),
}


def word(name: str, language: str) -> str:
    """What `name` is called in `language`, in English for a language that has no words here."""
    return WORDS[name][LANGUAGES.index(language) if language in LANGUAGES else 1]


def way(node: Node, lead: Lead, language: str) -> str:
    """What a way out is called: `2 en` for a key that chooses English, `不按键` for silence."""
    if lead.path[0] == "keys":
        return " ".join(filter(None, (lead.key, lead.language)))
    found = isinstance(node, Lookup) and lead.path == ("then",)
    return word("found" if found else lead.path[0], language)
