"""What `python -m carrier --help` says. Its examples run as they stand: a test takes them from here."""

APP = """\
from flask import Flask, request
from twilio.twiml.voice_response import VoiceResponse

app = Flask(__name__)


@app.post("/voice")
def voice():
    answer = VoiceResponse()
    if "Digits" in request.form:
        answer.say(f"You pressed {request.form['Digits']}. Goodbye.")
    else:
        answer.gather(num_digits=1).say("Welcome. Press a key.")
    return str(answer)
"""
TELEPHONE = """\
import asyncio, os
from carrier.phone import Phone


async def main():
    account = os.environ["CARRIER_ACCOUNT_SID"], os.environ["CARRIER_AUTH_TOKEN"]
    phone = await Phone.connect("http://127.0.0.1:8001", *account)
    line = await phone.dial("+8643112345", "+8643188880001")
    await line.hears("Press a key")
    await line.press("5")
    await line.ends()
    print(*(heard.text for heard in line.heard), sep="\\n")
    await phone.close()


asyncio.run(main())
"""
CLIENT = """\
import os
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client


class Here(TwilioHttpClient):
    def request(self, method, url, *args, **kwargs):
        here = url.replace("https://api.twilio.com", "http://127.0.0.1:8001")
        return super().request(method, here, *args, **kwargs)


account = os.environ["CARRIER_ACCOUNT_SID"], os.environ["CARRIER_AUTH_TOKEN"]
client = Client(*account, http_client=Here())
call = client.calls.create(to="+8643112345", from_="+8643112345", url="http://127.0.0.1:8000/voice")
print(call.sid, [one.to for one in client.calls.list()])
"""
DESCRIPTION = """\
A telephone carrier on your own machine that speaks Twilio's protocol: REST API, TwiML, signed webhooks,
the voice SDK's signalling, media streams. Any application written for Twilio runs on it unmodified; no
account, no network and no money are needed.

Give it numbers, each with the webhook that answers it. Whoever dials one hears the TwiML at that address.
Open http://127.0.0.1:8001/ and see every call, every request to your application with the TwiML that it
answered, and what went wrong, as it happens.
"""


def _indented(text: str) -> str:
    return "".join(f"  {line}".rstrip() + "\n" for line in text.splitlines())


EPILOG = f"""\
a first call, with Flask and the twilio package (pip install flask twilio):
  app.py, started by  flask run --port 8000

{_indented(_indented(APP))}
  the carrier; the account is yours to make up (without one it makes one up, and prints it)

    export CARRIER_ACCOUNT_SID=AC00000000000000000000000000000000 CARRIER_AUTH_TOKEN=a-secret
    python -m carrier --number +8643112345=http://127.0.0.1:8000/voice

  a telephone in Python, started where the same two variables are exported

{_indented(_indented(TELEPHONE))}
  the official client, pointed here (its requests are those of Twilio's own documentation)

{_indented(_indented(CLIENT))}
telephones:
  in Python   carrier.phone.Phone dials, answers, hears, presses, speaks; Phone.connect(url, sid, token,
              "client:kim") rings when client:kim, a sip: address or a number is called
  in browsers @twilio/voice-sdk, with the option chunderw set to this server's host and port; its access
              tokens are signed with the auth token as the API key's secret; calls out are answered by the
              TwiML App that the token names (--application), else by the number that is dialled
  numbers     of this carrier can call each other; other numbers ring the telephone that is registered there

account:
  CARRIER_ACCOUNT_SID   AC and 32 hexadecimal digits
  CARRIER_AUTH_TOKEN    signs every webhook (X-Twilio-Signature); with the SID it opens the REST API,
                        and the inspector to others

what it serves:
  /                             the inspector; without a password on this machine, else with SID and token
  /2010-04-01/Accounts/SID/...  Calls, Queues, Conferences, Recordings, Messages,
                                IncomingPhoneNumbers, Applications
  /v1/Alerts                    the debugger log: what went wrong, with Twilio's error codes
  /signal                       browsers (@twilio/voice-sdk), over a WebSocket
  /phone                        telephones in Python, over a WebSocket
  /health                       whether it is up

It runs until Ctrl-C or SIGTERM, and then ends all calls and reports that they ended. More: docs/carrier.md
"""
