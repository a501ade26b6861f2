"""What a caller hears when the hotline itself is ill: a person's number, else a recorder.

Needs no database, no configuration and no public URL (its links are relative to /voice/). Set
HOTLINE_FALLBACK_NUMBER to ring somebody; without it, or when nobody answers there, the caller can
leave a message, which the carrier keeps and reports to /voice/recording.
"""

import os
import re
from collections.abc import Mapping

from calls.verbs import Say
from telephony.twiml import prompt, response

NUMBER = "HOTLINE_FALLBACK_NUMBER"
RING_SECONDS = 30
MESSAGE_SECONDS = 180
TALKED = ("completed", "answered")
_DIALLABLE = re.compile(r"\+?[0-9]{3,15}")

TRANSFER = {
    "zh": "很抱歉，系统暂时出现故障。正在为您转接工作人员，请稍候。",
    "en": "We are sorry, our system has a problem. Please hold while we connect you to a person.",
    "ja": "申し訳ございません。システムに障害が発生しております。"
    "担当者におつなぎしますので、お待ちください。",
    "ko": "죄송합니다. 시스템에 문제가 발생했습니다. 상담원을 연결해 드리겠습니다. 잠시만 기다려 주십시오.",
    "ru": "Приносим извинения, в системе произошёл сбой. Подождите, мы соединяем вас с сотрудником.",
}
MESSAGE = {
    "zh": "很抱歉，现在无法为您接通工作人员。请在提示音后留下您的姓名、电话号码和诉求，我们会给您回电。",
    "en": "We are sorry, nobody can be reached now. After the tone, please leave your name, your telephone "
    "number and your request. We will call you back.",
    "ja": "申し訳ございません。ただいま担当者におつなぎできません。"
    "発信音の後に、お名前、電話番号、ご用件をお話しください。折り返しお電話いたします。",
    "ko": "죄송합니다. 지금은 상담원을 연결할 수 없습니다. "
    "신호음이 울리면 성함과 전화번호, 용건을 말씀해 주십시오. 다시 전화드리겠습니다.",
    "ru": "Приносим извинения, сейчас соединить вас невозможно. После сигнала назовите своё имя, номер "
    "телефона и изложите вопрос. Мы вам перезвоним.",
}
THANKS = {
    "zh": "谢谢您的来电，再见。",
    "en": "Thank you for your call. Good-bye.",
    "ja": "お電話ありがとうございました。失礼いたします。",
    "ko": "전화해 주셔서 감사합니다. 안녕히 계십시오.",
    "ru": "Спасибо за звонок. До свидания.",
}


def answer(asked: Mapping[str, str], form: Mapping[str, str], environ: Mapping[str, str] = os.environ) -> str:
    """The document for the fallback webhook, from its query and its form.

    `language` in the query (zh, en, ja, ko, ru) speaks that one only; otherwise all five, in turn.
    """
    language = asked.get("language", "")
    match asked.get("after"):
        case "record":
            return response(_spoken(THANKS, language) + "<Hangup/>")
        case "dial" if form.get("DialCallStatus") in TALKED:
            return response("<Hangup/>")
        case "dial":
            return _recorder(language)
    number = environ.get(NUMBER, "")
    return _transfer(number.replace(" ", ""), language) if diallable(number) else _recorder(language)


def diallable(number: str) -> bool:
    """Whether this can be the number to fall back to; spaces are for the eye."""
    return _DIALLABLE.fullmatch(number.replace(" ", "")) is not None


def _transfer(number: str, language: str) -> str:
    return response(
        f'{_spoken(TRANSFER, language)}<Dial action="{_after("dial", language)}" method="POST" '
        f'timeout="{RING_SECONDS}"><Number>{number}</Number></Dial>'
    )


def _recorder(language: str) -> str:
    return response(
        f'{_spoken(MESSAGE, language)}<Record action="{_after("record", language)}" method="POST" '
        f'maxLength="{MESSAGE_SECONDS}" timeout="5" playBeep="true" recordingStatusCallback="recording" '
        'recordingStatusCallbackMethod="POST"/><Hangup/>'
    )


def _after(what: str, language: str) -> str:
    return f"fallback?after={what}" + (f"&amp;language={language}" if language in THANKS else "")


def _spoken(words: Mapping[str, str], language: str) -> str:
    told = [language] if language in words else list(words)
    return "".join(prompt(Say(words[each], each)) for each in told)
