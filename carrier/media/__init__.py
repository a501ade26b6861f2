"""What calls sound like. One medium runs at a time; the silent one is for tests and load."""
