"""The carrier's own page: what a Twilio developer wants to see of calls, requests and their TwiML, live."""
