"""The languages that the hotline can speak."""

LANGUAGES = ("zh", "en", "ja", "ko", "ru")
