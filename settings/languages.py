"""The languages that the hotline can speak."""

LANGUAGES = ("zh", "en", "ja", "ko", "ru")
# What stands for a text in an example.
HELLO = {"zh": "您好", "en": "Hello", "ja": "こんにちは", "ko": "안녕하세요", "ru": "Здравствуйте"}
