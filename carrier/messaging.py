"""Text messages: to whatever telephone is registered under the address."""

from carrier.callbacks import Reports
from carrier.core import Core, forget_oldest, tidy
from carrier.ids import new_sid
from carrier.model import Callback, Message

UNREACHABLE = 30003


class Messaging(Core):
    """The part of the exchange that passes text messages on."""

    def send_message(self, *, to: str, from_: str, body: str, callback: Callback | None = None) -> Message:
        """Deliver a text to the telephone registered under `to`."""
        now = self.clock.now()
        message = Message(new_sid("SM"), self.account.sid, from_, tidy(to), body, now, now, callback=callback)
        self.messages[message.sid] = message
        forget_oldest(self.messages, lambda one: one.status in ("delivered", "undelivered"))
        self.spawn(self._deliver(message))
        return message

    async def _deliver(self, message: Message) -> None:
        reports = Reports(self.whole)
        there = self.telephones.get(message.to)
        message.date_sent = self.clock.now()
        self._move(message, reports, "sent")
        if there:
            there[-1].texted(message)
            self.clock.activity.beat()
            self._move(message, reports, "delivered")
        else:
            message.error_code, message.error_message = UNREACHABLE, "Unreachable destination handset"
            self._move(message, reports, "undelivered")

    def _move(self, message: Message, reports: Reports, status: str) -> None:
        message.status, message.date_updated = status, self.clock.now()
        if message.callback is None:
            return
        about = {
            "MessageSid": message.sid,
            "SmsSid": message.sid,
            "AccountSid": message.account_sid,
            "From": message.from_,
            "To": message.to,
            "MessageStatus": status,
            "SmsStatus": status,
            "ApiVersion": "2010-04-01",
        }
        trouble = {"ErrorCode": str(message.error_code)} if message.error_code else {}
        reports.send(message.callback, about | trouble)
