"""A prompt that an admin has recorded is played instead of spoken."""

import shutil
import urllib.request
from pathlib import Path
from typing import Any

from switchboard.setup import load

ROOT = Path(__file__).parents[2]


def test_a_recorded_greeting_is_played_from_an_address_the_carrier_can_reach(
    hotline: Any, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    (config / "audio").mkdir()
    (config / "audio" / "welcome.wav").write_bytes(b"RIFF a recording")
    main = config / "menus" / "main.yml"
    text = main.read_text(encoding="utf-8").replace(
        "您好，长春市市长公开电话。", "{file: audio/welcome.wav}", 1
    )
    main.write_text(text, encoding="utf-8")
    hotline.stage.setup = load(config)

    call = hotline.call_from()
    call.hears("/prompts/audio/welcome.wav")
    [played] = [heard for heard in call.line.heard if heard.kind == "play"]
    with urllib.request.urlopen(played.text, timeout=5) as answer:  # noqa: S310 - the rehearsal's own address
        assert answer.read() == b"RIFF a recording"


def test_who_reads_along_is_told_what_a_recording_says(hotline: Any, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    (config / "audio" / "zh").mkdir(parents=True)
    for name in ("您好 1.wav", "bye.wav"):
        (config / "audio" / "zh" / name).write_bytes(b"RIFF")
    main = config / "menus" / "main.yml"
    spoken = "您好，长春市市长公开电话。"
    text = main.read_text(encoding="utf-8")
    assert spoken in text
    recorded = f"[{{file: audio/zh/您好 1.wav, text: {spoken}}}, {{file: audio/zh/bye.wav}}]"
    main.write_text(text.replace(spoken, recorded, 1), encoding="utf-8")
    hotline.stage.setup = load(config)

    told = hotline.stage.app.test_client().get("/phone/recordings").json
    call = hotline.call_from()
    call.hears("/prompts/audio/zh/bye.wav")
    played = [heard.text for heard in call.line.heard if heard.kind == "play"]
    assert [told.get(url) for url in played] == [spoken, None]


def test_nothing_but_recordings_is_served_from_config(hotline: Any) -> None:
    client = hotline.stage.app.test_client()
    for path in ("/prompts/audio/../agents.yml", "/prompts/audio/%2e%2e/agents.yml", "/prompts/agents.yml"):
        assert client.get(path).status_code == 404
